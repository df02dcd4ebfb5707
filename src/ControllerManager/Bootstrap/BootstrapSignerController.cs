using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Bootstrap;

/// <summary>
/// Keeps in the ConfigMap kube-public/cluster-info, which everybody may read, a signature of its kubeconfig for each bootstrap token that may sign: who joins with a token
/// can trust what he read.
/// </summary>
internal sealed class BootstrapSignerController(IObjectClient client, ILister<V1ConfigMap> maps, ILister<V1Secret> secrets, TimeProvider clock) : IController
{
    private const string Content = "kubeconfig";
    private const string SignaturePrefix = "jws-kubeconfig-";

    private static readonly NamespacedName ClusterInfo = new("kube-public", "cluster-info");

    public string Name => "bootstrap-signer-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller
        .Watches<V1ConfigMap>(change => change.New?.Key() == ClusterInfo ? [ClusterInfo] : [])
        .Watches<V1Secret>(change => BootstrapToken.Is(change.New ?? change.Old) ? [ClusterInfo] : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!maps.TryGet(key, out var map) || map.Data?.TryGetValue(Content, out var content) != true || content is null)
        {
            return ReconcileResult.Done;
        }

        var now = clock.GetUtcNow();
        var tokens = secrets.List(BootstrapToken.Namespace).Where(BootstrapToken.Is).ToList();
        var wanted = map.Data.Where(entry => !entry.Key.StartsWith(SignaturePrefix, StringComparison.Ordinal)).ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var token in tokens)
        {
            if (BootstrapToken.ForSigning(token, now) is var (id, secret))
            {
                wanted[SignaturePrefix + id] = DetachedSignature.Compute(content, id, secret);
            }
        }

        if (wanted.Count != map.Data.Count || wanted.Any(entry => !map.Data.TryGetValue(entry.Key, out var there) || there != entry.Value))
        {
            await client.UpdateAsync(map with { Data = wanted }, cancellationToken);
        }

        return new ReconcileResult(NextEnd(tokens, now));
    }

    // A token that ends takes its signature with it, whether or not somebody cleans up.
    private static TimeSpan? NextEnd(IEnumerable<V1Secret> tokens, DateTimeOffset now) =>
        tokens.Select(BootstrapToken.End).Where(end => end > now).Min() is { } next ? BootstrapToken.Wait(next - now) : null;
}
