using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

using Prometheus;

namespace MiniKube.ApiServer.Metrics;

/// <summary>Upstream's metrics of the server's state: read when somebody asks.</summary>
internal static class ServerMetrics
{
    public static void Register(IMetricFactory metrics, CollectorRegistry registry, ResourceCatalog catalog, MaxInFlightFilter inFlight)
    {
        var requests = metrics.CreateGauge("apiserver_current_inflight_requests", "Requests that are worked on.", ["request_kind"]);
        var stored = metrics.CreateGauge("apiserver_storage_objects", "Stored objects, by resource.", ["resource"]);
        var objects = metrics.CreateGauge("apiserver_resource_objects", "Stored objects, by group and resource.", ["group", "resource"]);
        registry.AddBeforeCollectCallback(() =>
        {
            requests.WithLabels("readOnly").Set(inFlight.Reading);
            requests.WithLabels("mutating").Set(inFlight.Mutating);
            foreach (var resource in catalog.Current.All.Where(resource => resource.Strategy.IsStored && resource.Strategy.StoredKind == resource.Kind))
            {
                var count = resource.Cacher.Snapshot.Objects.Count;
                stored.WithLabels(resource.Name.GroupResource).Set(count);
                objects.WithLabels(resource.Name.Group, resource.Name.Resource).Set(count);
            }
        });
    }
}
