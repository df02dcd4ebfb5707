using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Bootstrap;

/// <summary>Deletes bootstrap tokens that have ended.</summary>
internal sealed class TokenCleanerController(IObjectClient client, ILister<V1Secret> secrets, TimeProvider clock) : IController
{
    public string Name => "token-cleaner-controller";

    public void Configure(ControllerBuilder controller) =>
        controller.Watches<V1Secret>(change => BootstrapToken.Is(change.New) && change.New is { } secret ? [secret.Key()] : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!secrets.TryGet(key, out var secret) || !BootstrapToken.Is(secret) || BootstrapToken.End(secret) is not { } end)
        {
            return ReconcileResult.Done;
        }

        var now = clock.GetUtcNow();
        if (end > now)
        {
            return new ReconcileResult(BootstrapToken.Wait(end - now));
        }

        try
        {
            await client.DeleteAsync<V1Secret>(
                key,
                new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = secret.Metadata.Uid, ResourceVersion = secret.Metadata.ResourceVersion } },
                cancellationToken);
        }
        catch (StatusException exception) when (exception.Code is 404 or 409)
        {
            // Gone, or changed: then it is looked at again.
        }

        return ReconcileResult.Done;
    }
}
