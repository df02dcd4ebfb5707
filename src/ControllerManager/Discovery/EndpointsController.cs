using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Keeps the Endpoints object of each service that has a selector.</summary>
internal sealed class EndpointsController(
    IObjectClient client,
    ILister<V1Service> services,
    ILister<V1Pod> pods,
    ILister<V1Endpoints> endpoints,
    IEventRecorders recorders,
    ControllerManagerOptions options) : IController
{
    private const string ManagedByLabel = "endpoints.kubernetes.io/managed-by";
    private const string OverCapacityAnnotation = "endpoints.kubernetes.io/over-capacity";

    private readonly TriggerTimes _triggers = new();

    public string Name => "endpoints-controller";

    public int Workers => options.ConcurrentEndpointSyncs;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Service>()
        .Watches<V1Endpoints>(change => (change.New ?? change.Old) is { } changed ? [changed.Key()] : [])
        .Watches<V1Pod>(change => ServicePods.ServicesOf(change, services));

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        endpoints.TryGet(key, out var current);
        if (!services.TryGet(key, out var service))
        {
            _triggers.Forget(key);
            if (current is not null && IsOurs(current))
            {
                await DeleteAsync(key, cancellationToken);
            }
        }
        else if (service.Spec?.Selector is { Count: > 0 } && service.Spec.Type != "ExternalName")
        {
            await WriteAsync(service, current, cancellationToken);
        }

        // Without a selector, the endpoints are the user's.
        return ReconcileResult.Done;
    }

    private async Task WriteAsync(V1Service service, V1Endpoints? current, CancellationToken cancellationToken)
    {
        var chosen = ServicePods.PodsOf(service, pods);
        var (subsets, truncated) = EndpointSubsets.Truncate(EndpointSubsets.Of(service, chosen));
        var labels = ServiceLabels.For(service, (ManagedByLabel, "endpoint-controller"));
        if (current is not null && AreEqual(current.Subsets ?? [], subsets) && ServiceLabels.AreEqual(current.Metadata?.Labels, labels))
        {
            return;
        }

        var wanted = (current ?? New(service)) with { Subsets = subsets.Count == 0 ? null : [.. subsets] };
        wanted.Metadata = wanted.Metadata with { Labels = labels, Annotations = Annotations(service, current, chosen, truncated) };
        try
        {
            _ = current is null
                ? await client.CreateAsync(wanted, cancellationToken)
                : await client.UpdateAsync(wanted, cancellationToken);
        }
        catch (StatusException exception) when (exception.Reason is not ("Conflict" or "AlreadyExists") && !Pods.PodControl.IsNamespaceTerminating(exception))
        {
            recorders.For("endpoint-controller").Record(
                service,
                "Warning",
                current is null ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint",
                $"Failed to {(current is null ? "create" : "update")} endpoint for service {service.Key()}: {exception.Message}");
            throw;
        }
    }

    private Dictionary<string, string>? Annotations(V1Service service, V1Endpoints? current, IEnumerable<V1Pod> chosen, bool truncated)
    {
        var annotations = new Dictionary<string, string>(current?.Metadata?.Annotations ?? new Dictionary<string, string>());
        annotations.Remove(TriggerTimes.Annotation);
        annotations.Remove(OverCapacityAnnotation);
        if (_triggers.Next(service.Key(), service.Metadata?.CreationTimestamp, chosen) is { } trigger)
        {
            annotations[TriggerTimes.Annotation] = TriggerTimes.Format(trigger);
        }

        if (truncated)
        {
            annotations[OverCapacityAnnotation] = "truncated";
        }

        return annotations.Count == 0 ? null : annotations;
    }

    private async Task DeleteAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync<V1Endpoints>(key, null, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }

    private static V1Endpoints New(V1Service service) => new()
    {
        ApiVersion = "v1",
        Kind = "Endpoints",
        Metadata = new V1ObjectMeta { Name = service.Metadata?.Name, NamespaceProperty = service.Metadata?.NamespaceProperty },
    };

    // Endpoints without a service are somebody's who keeps them by hand.
    private static bool IsOurs(V1Endpoints current) => current.Metadata?.Labels?.ContainsKey(ManagedByLabel) == true;

    private static bool AreEqual(IList<V1EndpointSubset> x, IReadOnlyList<V1EndpointSubset> y) =>
        JsonNode.DeepEquals(JsonNode.Parse(KubernetesJson.Serialize(x)), JsonNode.Parse(KubernetesJson.Serialize(y)));
}
