using System.Globalization;
using System.Net;

using k8s.Models;

using MiniKube.Api.Addresses;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>
/// Gives each ServiceCIDR a finalizer and the condition Ready, and lets one go only when no Service's address would be left that no other ServiceCIDR has.
/// </summary>
internal sealed class ServiceCidrController(
    IObjectClient client, ILister<V1ServiceCIDR> ranges, ILister<V1IPAddress> addresses, TimeProvider clock) : IController
{
    private const string Finalizer = "networking.k8s.io/service-cidr-finalizer";
    private const string ManagedBy = "ipaddress.kubernetes.io/managed-by";
    private const string Allocator = "ipallocator.k8s.io";
    private const string Ready = "Ready";

    /// <summary>Upstream's: servers may still give addresses of a range when its deletion has not reached them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public string Name => "service-cidr-controller";

    public int Workers => 1;

    // A range that comes may free another; an address that comes or goes concerns those that wait to be deleted.
    public void Configure(ControllerBuilder controller) => controller
        .For<V1ServiceCIDR>()
        .Watches<V1ServiceCIDR>(_ => ranges.List().Where(IsDeleted).Select(range => range.Key()))
        .Watches<V1IPAddress>(_ => ranges.List().Where(IsDeleted).Select(range => range.Key()));

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!ranges.TryGet(key, out var range))
        {
            return ReconcileResult.Done;
        }

        if (IsDeleted(range))
        {
            return await ReleaseAsync(range, cancellationToken);
        }

        if (range.Metadata.Finalizers?.Contains(Finalizer) != true)
        {
            await SetFinalizersAsync(range, [.. range.Metadata.Finalizers ?? [], Finalizer], cancellationToken);
        }

        await SetReadyAsync(range, "True", "", "Kubernetes Service CIDR is ready", cancellationToken);
        return ReconcileResult.Done;
    }

    private static bool IsDeleted(V1ServiceCIDR range) => range.Metadata.DeletionTimestamp is not null;

    private async Task<ReconcileResult> ReleaseAsync(V1ServiceCIDR range, CancellationToken cancellationToken)
    {
        if (range.Metadata.Finalizers?.Contains(Finalizer) != true)
        {
            return ReconcileResult.Done;
        }

        var others = ranges.List().Where(other => other.Metadata.Name != range.Metadata.Name && !IsDeleted(other)).SelectMany(NetworksOf).ToList();
        if (Orphans([.. NetworksOf(range)], others))
        {
            await SetReadyAsync(
                range,
                "False",
                "Terminating",
                "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
                cancellationToken);
            return ReconcileResult.Done;
        }

        var left = range.Metadata.DeletionTimestamp!.Value + Grace - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            return new ReconcileResult(left);
        }

        await SetFinalizersAsync(range, [.. range.Metadata.Finalizers.Where(finalizer => finalizer != Finalizer)], cancellationToken);
        return ReconcileResult.Done;
    }

    /// <summary>Whether an address of a Service is in these networks and in no other.</summary>
    private bool Orphans(List<IPNetwork> networks, List<IPNetwork> others) => addresses.List()
        .Where(address => address.Metadata.Labels?.TryGetValue(ManagedBy, out var manager) == true && manager == Allocator)
        .Select(address => AddressText.TryParse(address.Metadata.Name, out var parsed) ? parsed : IPAddress.None)
        .Any(address => networks.Exists(network => network.Contains(address)) && !others.Exists(network => network.Contains(address)));

    private static IEnumerable<IPNetwork> NetworksOf(V1ServiceCIDR range)
    {
        foreach (var cidr in range.Spec?.Cidrs ?? [])
        {
            if (RangeText.TryParse(cidr, out _, out var network))
            {
                yield return network;
            }
        }
    }

    private async Task SetFinalizersAsync(V1ServiceCIDR range, string[] finalizers, CancellationToken cancellationToken)
    {
        // The version keeps a finalizer that somebody else has set meanwhile.
        var patch = new { metadata = new { finalizers, resourceVersion = range.Metadata.ResourceVersion } };
        await client.PatchAsync<V1ServiceCIDR>(range.Key(), new V1Patch(patch, V1Patch.PatchType.MergePatch), null, cancellationToken);
    }

    private async Task SetReadyAsync(V1ServiceCIDR range, string status, string reason, string message, CancellationToken cancellationToken)
    {
        var conditions = range.Status?.Conditions ?? [];
        if (conditions.Any(condition => condition.Type == Ready && condition.Status == status))
        {
            return;
        }

        var since = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var ready = new { type = Ready, status, reason, message, lastTransitionTime = since };
        var patch = new { status = new { conditions = new[] { ready } } };
        await client.PatchAsync<V1ServiceCIDR>(range.Key(), new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "status", cancellationToken);
    }
}
