using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>
/// Makes EndpointSlices of the Endpoints that users write for services without a selector: whoever routes or resolves reads slices only.
/// </summary>
internal sealed class EndpointSliceMirroringController : IController
{
    private static readonly string[] AddressTypes = ["IPv4", "IPv6"];

    private readonly ILister<V1Endpoints> _endpoints;
    private readonly ILister<V1Service> _services;
    private readonly ILister<V1EndpointSlice> _slices;
    private readonly Expectations _expectations;
    private readonly SliceWriter _writer;

    public EndpointSliceMirroringController(
        IObjectClient client,
        ILister<V1Endpoints> endpoints,
        ILister<V1Service> services,
        ILister<V1EndpointSlice> slices,
        ControllerManagerOptions options,
        TimeProvider clock)
    {
        (_endpoints, _services, _slices, Workers) = (endpoints, services, slices, options.MirroringConcurrentServiceEndpointSyncs);
        _expectations = new Expectations(clock);
        _writer = new SliceWriter(client, _expectations);
    }

    public string Name => "endpointslice-mirroring-controller";

    public int Workers { get; }

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Endpoints>()
        .Owns<V1EndpointSlice>(_expectations)
        .Watches<V1Service>(change => (change.New ?? change.Old) is { } service ? [service.Key()] : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!_endpoints.TryGet(key, out var endpoints))
        {
            // Its slices go with it: they are owned.
            _expectations.Forget(key);
            return ReconcileResult.Done;
        }

        // Until the cache shows the slices made before, more would be made.
        if (!_expectations.AreMet(key))
        {
            return ReconcileResult.Done;
        }

        var existing = _slices.OwnedBy(endpoints).Where(slice => slice.IsKeptBy(MirroredEndpoints.ManagedBy)).ToList();
        if (MirroredEndpoints.IsWanted(endpoints)
            && _services.TryGet(key, out var service)
            && service.Spec?.Selector is null or { Count: 0 })
        {
            await _writer.WriteAsync(key, Plan(endpoints, existing), cancellationToken);
        }
        else if (existing.Count > 0)
        {
            await _writer.WriteAsync(key, new SlicePlan([], [], existing), cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private static SlicePlan Plan(V1Endpoints endpoints, List<V1EndpointSlice> existing)
    {
        var (labels, annotations) = (MirroredEndpoints.Labels(endpoints), MirroredEndpoints.Annotations(endpoints));
        var plans = AddressTypes.Select(family => Plan(endpoints, family, [.. existing.Where(slice => slice.AddressType == family)], IsCurrent)).ToList();
        return new SlicePlan(
            [.. plans.SelectMany(plan => plan.Create).Select(Stamped)],
            [.. plans.SelectMany(plan => plan.Update).Select(Stamped)],
            [.. plans.SelectMany(plan => plan.Delete)]);

        bool IsCurrent(V1EndpointSlice slice) =>
            ServiceLabels.AreEqual(slice.Metadata?.Labels, labels) && ServiceLabels.AreEqual(slice.Metadata?.Annotations ?? new Dictionary<string, string>(), annotations);

        V1EndpointSlice Stamped(V1EndpointSlice slice) => slice with
        {
            Metadata = (slice.Metadata ?? new V1ObjectMeta()) with { Labels = labels, Annotations = annotations.Count == 0 ? null : annotations },
        };
    }

    private static SlicePlan Plan(V1Endpoints endpoints, string family, List<V1EndpointSlice> existing, Func<V1EndpointSlice, bool> isCurrent) =>
        MirroredEndpoints.Of(endpoints, family) is { Count: > 0 } wanted
            ? SlicePlan.Make(existing, wanted, isCurrent, group => group.NewSlice(endpoints, family))
            : new SlicePlan([], [], existing);
}
