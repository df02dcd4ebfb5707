using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Keeps the EndpointSlices of each service that has a selector.</summary>
internal sealed class EndpointSliceController(
    IObjectClient client,
    ILister<V1Service> services,
    ILister<V1Pod> pods,
    ILister<V1Node> nodes,
    ILister<V1EndpointSlice> slices,
    IEventRecorders recorders,
    ControllerManagerOptions options,
    TimeProvider clock) : IController
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";
    private const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";
    private const string ManagedBy = "endpointslice-controller.k8s.io";

    private readonly Expectations _expectations = new(clock);
    private readonly TriggerTimes _triggers = new();

    public string Name => "endpointslice-controller";

    public int Workers => options.ConcurrentServiceEndpointSyncs;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Service>()
        .Owns<V1EndpointSlice>(_expectations)
        .Watches<V1Pod>(change => ServicePods.ServicesOf(change, services))
        .Reads<V1Node>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!services.TryGet(key, out var service))
        {
            // Its slices go with it: they are owned.
            _expectations.Forget(key);
            _triggers.Forget(key);
            return ReconcileResult.Done;
        }

        // Until the cache shows the slices made before, more would be made.
        if (service.Spec?.Selector is { Count: > 0 } && service.Spec.Type != "ExternalName" && _expectations.AreMet(key))
        {
            await SyncAsync(key, service, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private async Task SyncAsync(NamespacedName key, V1Service service, CancellationToken cancellationToken)
    {
        var existing = slices.OwnedBy(service).Where(IsOurs).ToList();
        var chosen = ServicePods.PodsOf(service, pods);
        var labels = Labels(service);
        var families = AddressTypes(service);
        var plans = families.Select(family => SlicePlan.Make(
            [.. existing.Where(slice => slice.AddressType == family)],
            SliceEndpoints.Of(service, family, chosen, nodes),
            slice => ServiceLabels.AreEqual(slice.Metadata?.Labels, labels),
            group => New(service, family, group))).ToList();

        // A service of one family fewer: its slices of that family are left over.
        var leftOver = existing.Where(slice => !families.Contains(slice.AddressType));
        var trigger = _triggers.Next(key, service.Metadata?.CreationTimestamp, chosen);
        var plan = new SlicePlan(
            [.. plans.SelectMany(one => one.Create).Select(slice => Stamp(slice, labels, trigger))],
            [.. plans.SelectMany(one => one.Update).Select(slice => Stamp(slice, labels, trigger))],
            [.. plans.SelectMany(one => one.Delete), .. leftOver]);
        try
        {
            await WriteAsync(key, plan, cancellationToken);
        }
        catch (StatusException exception) when (exception.Reason is not ("Conflict" or "AlreadyExists") && !Pods.PodControl.IsNamespaceTerminating(exception))
        {
            recorders.For("endpoint-slice-controller").Record(
                service, "Warning", "FailedToUpdateEndpointSlices", $"Error updating Endpoint Slices for Service {key}: {exception.Message}");
            throw;
        }
    }

    // First what takes endpoints in, then what loses them: none is missing in between.
    private async Task WriteAsync(NamespacedName key, SlicePlan plan, CancellationToken cancellationToken)
    {
        await CreateAsync(key, plan.Create, cancellationToken);
        foreach (var slice in plan.Update)
        {
            await client.UpdateAsync(slice, cancellationToken);
        }

        foreach (var slice in plan.Delete)
        {
            await DeleteAsync(slice, cancellationToken);
        }
    }

    private async Task CreateAsync(NamespacedName key, IReadOnlyList<V1EndpointSlice> created, CancellationToken cancellationToken)
    {
        _expectations.ExpectCreations(key, created.Count);
        var done = 0;
        try
        {
            foreach (var slice in created)
            {
                await client.CreateAsync(slice, cancellationToken);
                done++;
            }
        }
        finally
        {
            for (; done < created.Count; done++)
            {
                _expectations.CreationObserved(key);
            }
        }
    }

    private async Task DeleteAsync(V1EndpointSlice slice, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync<V1EndpointSlice>(slice.Key(), null, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }

    private static V1EndpointSlice New(V1Service service, string addressType, SliceGroup group) => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        AddressType = addressType,
        Ports = [.. group.Ports],
        Metadata = new V1ObjectMeta
        {
            GenerateName = $"{service.Metadata?.Name}-",
            NamespaceProperty = service.Metadata?.NamespaceProperty,
            OwnerReferences = [service.ToControllerReference()],
        },
    };

    private static V1EndpointSlice Stamp(V1EndpointSlice slice, Dictionary<string, string> labels, DateTime? trigger)
    {
        var annotations = new Dictionary<string, string>(slice.Metadata?.Annotations ?? new Dictionary<string, string>());
        annotations.Remove(TriggerTimes.Annotation);
        if (trigger is { } time)
        {
            annotations[TriggerTimes.Annotation] = TriggerTimes.Format(time);
        }

        return slice with
        {
            Metadata = (slice.Metadata ?? new V1ObjectMeta()) with { Labels = labels, Annotations = annotations.Count == 0 ? null : annotations },
        };
    }

    private static Dictionary<string, string> Labels(V1Service service) =>
        ServiceLabels.For(service, (ServiceNameLabel, service.Metadata?.Name ?? ""), (ManagedByLabel, ManagedBy));

    private static bool IsOurs(V1EndpointSlice slice) =>
        slice.Metadata?.DeletionTimestamp is null
        && slice.Metadata?.Labels?.TryGetValue(ManagedByLabel, out var manager) == true
        && manager == ManagedBy;

    private static IReadOnlyList<string> AddressTypes(V1Service service) =>
        service.Spec?.IpFamilies is { Count: > 0 } families ? [.. families] : ["IPv4"];
}
