using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.CustomResources;
using MiniKube.ApiServer.Registry;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>
/// Keeps an APIService for every group version that this server serves itself, built-in or custom, as upstream's aggregator does: it is what
/// <c>kubectl get apiservices</c> shows, and what somebody who wants to serve a group version elsewhere would replace.
/// </summary>
internal sealed partial class ApiServiceRegistration(
    ResourceCatalog catalog, SystemWriter writer, Task ready, TimeProvider clock, ILogger<ApiServiceRegistration> logger) : BackgroundService
{
    private const string Group = "apiregistration.k8s.io";
    private const string Resource = "apiservices";
    private const string ManagedLabel = "kube-aggregator.kubernetes.io/automanaged";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>Upstream's order of its groups; what is not in it comes after, as custom groups do.</summary>
    private static readonly Dictionary<string, int> Priorities = new(StringComparer.Ordinal)
    {
        [""] = 18000,
        ["apps"] = 17800,
        ["events.k8s.io"] = 17750,
        ["authentication.k8s.io"] = 17700,
        ["authorization.k8s.io"] = 17600,
        ["autoscaling"] = 17500,
        ["batch"] = 17400,
        ["certificates.k8s.io"] = 17300,
        ["networking.k8s.io"] = 17200,
        ["policy"] = 17100,
        ["rbac.authorization.k8s.io"] = 17000,
        ["storage.k8s.io"] = 16800,
        ["apiextensions.k8s.io"] = 16700,
        ["admissionregistration.k8s.io"] = 16700,
        ["scheduling.k8s.io"] = 16600,
        ["coordination.k8s.io"] = 16500,
        ["node.k8s.io"] = 16300,
        ["discovery.k8s.io"] = 16200,
        ["flowcontrol.apiserver.k8s.io"] = 16100,
        ["resource.k8s.io"] = 15900,
        ["metrics.k8s.io"] = 100,
    };

    private (CatalogSnapshot? Catalog, long Revision) _seen;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            // Both what is served and what stands there may change: somebody may delete an APIService.
            var now = (catalog.Current, catalog.Get(Group, "v1", Resource).Cacher.Snapshot.Revision);
            if (now != _seen)
            {
                try
                {
                    await SyncAsync(now.Current, stoppingToken);
                    _seen = now;
                }
                catch (Exception error) when (error is StatusException or StorageException)
                {
                    Log.Failed(logger, error.Message);
                }
            }

            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SyncAsync(CatalogSnapshot served, CancellationToken cancellationToken)
    {
        var wanted = served.All.Where(resource => resource.Name.Group != Group)
            .GroupBy(resource => (resource.Name.Group, resource.Name.Version))
            .ToDictionary(version => NameOf(version.Key.Group, version.Key.Version), version => Make(version.Key.Group, version.Key.Version, IsCustom(version)));
        var existing = Existing();
        await Task.WhenAll(wanted.Where(service => !existing.ContainsKey(service.Key))
            .Select(service => writer.EnsureAsync(Group, Resource, "", service.Value, cancellationToken)));
        foreach (var (name, _) in existing.Where(service => service.Value && !wanted.ContainsKey(service.Key)))
        {
            await DeleteAsync(name, cancellationToken);
        }
    }

    // Another server may have been faster.
    private async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await writer.DeleteAsync(Group, Resource, "", name, cancellationToken);
        }
        catch (StatusException error) when (error.Code == StatusCodes.Status404NotFound)
        {
            return;
        }
    }

    /// <summary>The names of all APIServices, and whether each was made for a custom group version, by a server.</summary>
    private Dictionary<string, bool> Existing()
    {
        var existing = new Dictionary<string, bool>(StringComparer.Ordinal);
        catalog.Get(Group, "v1", Resource).Cacher.Snapshot.Objects.VisitFrom("", (name, service) =>
        {
            existing[name] = service.Labels.GetValueOrDefault(ManagedLabel) == "true";
            return true;
        });
        return existing;
    }

    private static bool IsCustom(IEnumerable<ServedResource> resources) => resources.All(resource => resource.Strategy is CustomResourceStrategy);

    private static string NameOf(string group, string version) => $"{version}.{group}";

    private static JsonObject Make(string group, string version, bool isCustom) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = NameOf(group, version),
            ["labels"] = new JsonObject { [ManagedLabel] = isCustom ? "true" : "onstart" },
        },
        ["spec"] = new JsonObject
        {
            ["group"] = group,
            ["version"] = version,
            ["groupPriorityMinimum"] = isCustom ? 1000 : Priorities.GetValueOrDefault(group, 15000),
            ["versionPriority"] = isCustom ? 100 : group.Length == 0 ? 1 : version == "v2" ? 30 : 15,
        },
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The APIServices of this server could not be written: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
