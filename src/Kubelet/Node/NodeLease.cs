using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;

namespace MiniKube.Kubelet.Node;

/// <summary>The node's sign of life: a Lease of 40 s, renewed every 10 s.</summary>
internal sealed partial class NodeLease(string nodeName, IObjectClient client, TimeProvider clock, ILogger<NodeLease> logger)
{
    private const string Namespace = "kube-node-lease";
    private const int Seconds = 40;
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private V1Lease? _lease;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var delay = Renewal;
            try
            {
                await RenewAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is StatusException or HttpRequestException or TimeoutException)
            {
                // Whoever wrote it meanwhile, or the node that is not there yet: read and try again.
                _lease = null;
                delay = Retry;
                Log.Failed(logger, nodeName, exception.Message);
            }

            await Task.Delay(delay, clock, cancellationToken);
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        _lease ??= await FindAsync(cancellationToken);
        var now = clock.GetKubernetesMicroNow();
        if (_lease is null)
        {
            var node = await client.GetAsync<V1Node>(new NamespacedName("", nodeName), cancellationToken);
            _lease = await client.CreateAsync(New(node, now), cancellationToken);
        }
        else
        {
            var spec = (_lease.Spec ?? new V1LeaseSpec()) with { HolderIdentity = nodeName, LeaseDurationSeconds = Seconds, RenewTime = now };
            _lease = await client.UpdateAsync(_lease with { Spec = spec }, cancellationToken);
        }
    }

    private async Task<V1Lease?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAsync<V1Lease>(new NamespacedName(Namespace, nodeName), cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            return null;
        }
    }

    private V1Lease New(V1Node node, DateTime now) => new()
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = new V1ObjectMeta
        {
            Name = nodeName,
            NamespaceProperty = Namespace,
            OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = nodeName, Uid = node.Metadata?.Uid }],
        },
        Spec = new V1LeaseSpec { HolderIdentity = nodeName, LeaseDurationSeconds = Seconds, RenewTime = now },
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Failed to renew the lease of node {Name}; it is tried again: {Problem}")]
        public static partial void Failed(ILogger logger, string name, string problem);
    }
}
