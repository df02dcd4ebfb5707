using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Core;

/// <summary>Sees to it that every namespace has the service account <c>default</c>, which pods use that name none.</summary>
internal sealed class ServiceAccountController(IObjectClient client, ILister<V1Namespace> namespaces, ILister<V1ServiceAccount> accounts) : IController
{
    private const string DefaultAccount = "default";

    public string Name => "serviceaccount-controller";

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Namespace>()
        .Watches<V1ServiceAccount>(change => change is { New: null, Old: { Metadata.Name: DefaultAccount } deleted }
            ? [new NamespacedName("", deleted.Key().Namespace)]
            : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var account = new NamespacedName(key.Name, DefaultAccount);
        if (!namespaces.TryGet(key, out var found) || found.Status?.Phase == "Terminating" || accounts.TryGet(account, out _))
        {
            return ReconcileResult.Done;
        }

        try
        {
            await client.CreateAsync(
                new V1ServiceAccount
                {
                    ApiVersion = "v1",
                    Kind = "ServiceAccount",
                    Metadata = new V1ObjectMeta { NamespaceProperty = account.Namespace, Name = account.Name },
                },
                cancellationToken);
        }
        catch (StatusException exception) when (exception.Reason == "AlreadyExists" || PodControl.IsNamespaceTerminating(exception))
        {
            // There already, or not wanted any more.
        }

        return ReconcileResult.Done;
    }
}
