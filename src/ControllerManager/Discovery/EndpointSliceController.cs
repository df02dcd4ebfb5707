using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Keeps the EndpointSlices of each service that has a selector.</summary>
internal sealed class EndpointSliceController : IController
{
    private const string ManagedBy = "endpointslice-controller.k8s.io";

    private readonly ILister<V1Service> _services;
    private readonly ILister<V1Pod> _pods;
    private readonly ILister<V1Node> _nodes;
    private readonly ILister<V1EndpointSlice> _slices;
    private readonly IEventRecorder _events;
    private readonly Expectations _expectations;
    private readonly SliceWriter _writer;
    private readonly TriggerTimes _triggers = new();

    public EndpointSliceController(
        IObjectClient client,
        ILister<V1Service> services,
        ILister<V1Pod> pods,
        ILister<V1Node> nodes,
        ILister<V1EndpointSlice> slices,
        IEventRecorders recorders,
        ControllerManagerOptions options,
        TimeProvider clock)
    {
        (_services, _pods, _nodes, _slices, Workers) = (services, pods, nodes, slices, options.ConcurrentServiceEndpointSyncs);
        _events = recorders.For("endpoint-slice-controller");
        _expectations = new Expectations(clock);
        _writer = new SliceWriter(client, _expectations);
    }

    public string Name => "endpointslice-controller";

    public int Workers { get; }

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Service>()
        .Owns<V1EndpointSlice>(_expectations)
        .Watches<V1Pod>(change => ServicePods.ServicesOf(change, _services))
        .Reads<V1Node>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!_services.TryGet(key, out var service))
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
        var existing = _slices.OwnedBy(service).Where(slice => slice.IsKeptBy(ManagedBy)).ToList();
        var chosen = ServicePods.PodsOf(service, _pods);
        var labels = Labels(service);
        var families = AddressTypes(service);
        var plans = families.Select(family => SlicePlan.Make(
            [.. existing.Where(slice => slice.AddressType == family)],
            SliceEndpoints.Of(service, family, chosen, _nodes),
            slice => ServiceLabels.AreEqual(slice.Metadata?.Labels, labels),
            group => group.NewSlice(service, family))).ToList();

        // A service of one family fewer: its slices of that family are left over.
        var leftOver = existing.Where(slice => !families.Contains(slice.AddressType));
        var trigger = _triggers.Next(key, service.Metadata?.CreationTimestamp, chosen);
        var plan = new SlicePlan(
            [.. plans.SelectMany(one => one.Create).Select(slice => Stamp(slice, labels, trigger))],
            [.. plans.SelectMany(one => one.Update).Select(slice => Stamp(slice, labels, trigger))],
            [.. plans.SelectMany(one => one.Delete), .. leftOver]);
        try
        {
            await _writer.WriteAsync(key, plan, cancellationToken);
        }
        catch (StatusException exception) when (exception.Reason is not ("Conflict" or "AlreadyExists") && !Pods.PodControl.IsNamespaceTerminating(exception))
        {
            _events.Record(
                service, "Warning", "FailedToUpdateEndpointSlices", $"Error updating Endpoint Slices for Service {key}: {exception.Message}");
            throw;
        }
    }

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
        ServiceLabels.For(service, (SliceLabels.ServiceName, service.Metadata?.Name ?? ""), (SliceLabels.ManagedBy, ManagedBy));

    private static IReadOnlyList<string> AddressTypes(V1Service service) =>
        service.Spec?.IpFamilies is { Count: > 0 } families ? [.. families] : ["IPv4"];
}
