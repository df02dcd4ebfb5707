using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Core;

/// <summary>
/// Brings the status of a quota back to its spec when something else has been written there. The API server counts what is used, in the transactions that use it, and
/// counts anew when the limits of the status become those of the spec. As upstream's it is not driven by changes of a status: it looks once in a period.
/// </summary>
internal sealed class ResourceQuotaController(IObjectClient client, ILister<V1ResourceQuota> quotas, ControllerManagerOptions options) : IController
{
    public string Name => "resourcequota-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) =>
        controller.Watches<V1ResourceQuota>(change => change is { Old: null, New: { } quota } ? [quota.Key()] : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!quotas.TryGet(key, out var quota) || quota.Metadata?.DeletionTimestamp is not null)
        {
            return ReconcileResult.Done;
        }

        if (!Same(quota.Spec?.Hard, quota.Status?.Hard))
        {
            var status = (quota.Status ?? new V1ResourceQuotaStatus()) with { Hard = quota.Spec?.Hard };
            await client.UpdateStatusAsync(quota with { Status = status }, cancellationToken);
        }

        return new ReconcileResult(options.ResourceQuotaSyncPeriod);
    }

    private static bool Same(IDictionary<string, ResourceQuantity>? one, IDictionary<string, ResourceQuantity>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0)
        && (one ?? new Dictionary<string, ResourceQuantity>()).All(amount => other?.TryGetValue(amount.Key, out var same) == true && same.ToString() == amount.Value.ToString());
}
