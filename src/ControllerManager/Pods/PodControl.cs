using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Events;

namespace MiniKube.ControllerManager.Pods;

internal sealed class PodControl(IObjectClient client, IEventRecorders events) : IPodControl
{
    public async Task CreateAsync(IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template, string generateName, CancellationToken cancellationToken)
    {
        try
        {
            var pod = FromTemplate(owner, template);
            pod = await client.CreateAsync(pod with { Metadata = pod.Metadata with { GenerateName = generateName } }, cancellationToken);
            EventsOf(owner).Record(owner, "Normal", "SuccessfulCreate", $"Created pod: {pod.Metadata?.Name}");
        }
        catch (StatusException exception) when (!IsNamespaceTerminating(exception))
        {
            EventsOf(owner).Record(owner, "Warning", "FailedCreate", $"Error creating: {exception.Message}");
            throw;
        }
    }

    public async Task<bool> DeleteAsync(IKubernetesObject<V1ObjectMeta> owner, V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync<V1Pod>(pod.Key(), null, cancellationToken);
            EventsOf(owner).Record(owner, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Metadata?.Name}");
            return true;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return false;
        }
        catch (StatusException exception)
        {
            EventsOf(owner).Record(owner, "Warning", "FailedDelete", $"Error deleting: {exception.Message}");
            throw;
        }
    }

    /// <summary>Nothing can be created in it any more, and the owner will be deleted too: no failure to tell or to repeat.</summary>
    public static bool IsNamespaceTerminating(StatusException exception) =>
        exception.Status.Details?.Causes?.Any(cause => cause.Reason == "NamespaceTerminating") ?? false;

    // Users know these names from the From column of kubectl describe.
    private IEventRecorder EventsOf(IKubernetesObject<V1ObjectMeta> owner) => events.For(owner is V1ReplicationController
        ? "replication-controller"
        : $"{ObjectExtensions.KindOf(owner.GetType()).Kind.ToLowerInvariant()}-controller");

    /// <summary>A pod of a template, managed by its owner; the server makes its name.</summary>
    public static V1Pod FromTemplate(IKubernetesObject<V1ObjectMeta> owner, V1PodTemplateSpec template) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta
        {
            GenerateName = $"{owner.Metadata?.Name}-",
            NamespaceProperty = owner.Metadata?.NamespaceProperty,
            Labels = template.Metadata?.Labels,
            Annotations = template.Metadata?.Annotations,
            Finalizers = template.Metadata?.Finalizers,
            OwnerReferences = [owner.ToControllerReference()],
        },
        Spec = template.Spec,
    };
}
