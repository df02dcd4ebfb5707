using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.Client.Metadata;

namespace MiniKube.ControllerManager.Core;

/// <summary>
/// Empties a namespace that is being deleted, of whatever resources the server has, and then lets it go by taking the finalizer <c>kubernetes</c> from its spec.
/// </summary>
internal sealed class NamespaceController(
    IObjectClient client, IMetadataClient metadata, ILister<V1Namespace> namespaces, ControllerManagerOptions options, TimeProvider clock) : IController
{
    private const string Finalizer = "kubernetes";

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    public string Name => "namespace-controller";

    public int Workers => options.ConcurrentNamespaceSyncs;

    public void Configure(ControllerBuilder controller) => controller.For<V1Namespace>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!namespaces.TryGet(key, out var found)
            || found.Metadata?.DeletionTimestamp is not { } deleted
            || found.Spec?.Finalizers?.Contains(Finalizer) != true)
        {
            return ReconcileResult.Done;
        }

        var content = await EmptyAsync(key.Name, cancellationToken);
        found = await TellAsync(found, content, cancellationToken);
        if (!content.IsEmpty)
        {
            // Pods take their grace period. The longer it has taken, the less often it is looked at.
            var wait = (clock.GetUtcNow().UtcDateTime - deleted) / 4;
            return new ReconcileResult(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, ShortestWait.Ticks, LongestWait.Ticks)));
        }

        var finalizers = found.Spec.Finalizers.Where(finalizer => finalizer != Finalizer).ToList();
        await client.UpdateSubresourceAsync(found with { Spec = found.Spec with { Finalizers = finalizers } }, "finalize", cancellationToken);
        return ReconcileResult.Done;
    }

    // Pods first, and all else when they are gone: a network policy must not go before the pod it shuts in.
    private async Task<NamespaceContent> EmptyAsync(string name, CancellationToken cancellationToken)
    {
        var resources = (await metadata.DiscoverAsync(cancellationToken)).Where(resource => resource.Namespaced && resource.Supports("delete", "list")).ToList();
        var pods = resources.FindAll(resource => resource.Resource is { Group: "", Resource: "pods" });
        var content = await EmptyAsync(name, pods, cancellationToken);
        return content.IsEmpty ? await EmptyAsync(name, [.. resources.Except(pods)], cancellationToken) : content;
    }

    private async Task<NamespaceContent> EmptyAsync(string name, IReadOnlyList<ApiResource> resources, CancellationToken cancellationToken)
    {
        var remaining = new Dictionary<GroupVersionResource, int>();
        var finalizers = new Dictionary<string, int>();
        var failures = new List<string>();
        foreach (var resource in resources)
        {
            try
            {
                var left = await EmptyAsync(name, resource, cancellationToken);
                if (left.Count > 0)
                {
                    remaining[resource.Resource] = left.Count;
                }

                foreach (var finalizer in left.SelectMany(obj => obj.Metadata.Finalizers ?? []))
                {
                    finalizers[finalizer] = finalizers.GetValueOrDefault(finalizer) + 1;
                }
            }
            catch (StatusException exception) when (exception.Code is not (404 or 405))
            {
                failures.Add(exception.Message);
            }
            catch (StatusException)
            {
                // The resource went away since it was discovered, and its objects with it; or it cannot be listed or deleted after all.
            }
        }

        return new NamespaceContent(remaining, finalizers, failures);
    }

    /// <returns>What is still there.</returns>
    private async Task<IReadOnlyList<PartialObject>> EmptyAsync(string name, ApiResource resource, CancellationToken cancellationToken)
    {
        var query = new ListQuery(name);
        var before = await metadata.ListAsync(resource.Resource, query, cancellationToken);
        if (before.Items.All(obj => obj.Metadata.DeletionTimestamp is not null))
        {
            return before.Items;
        }

        if (resource.Supports("deletecollection"))
        {
            await metadata.DeleteCollectionAsync(resource.Resource, name, cancellationToken);
        }
        else
        {
            foreach (var obj in before.Items)
            {
                await DeleteAsync(resource.Resource, new NamespacedName(name, obj.Metadata.Name ?? ""), cancellationToken);
            }
        }

        return (await metadata.ListAsync(resource.Resource, query, cancellationToken)).Items;
    }

    private async Task DeleteAsync(GroupVersionResource resource, NamespacedName key, CancellationToken cancellationToken)
    {
        try
        {
            await metadata.DeleteAsync(resource, key, new V1DeleteOptions { PropagationPolicy = "Background" }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }

    private async Task<V1Namespace> TellAsync(V1Namespace found, NamespaceContent content, CancellationToken cancellationToken)
    {
        var before = found.Status?.Conditions ?? [];
        var conditions = NamespaceConditions.Of(content, before, clock.GetKubernetesNow());
        if (found.Status?.Phase == "Terminating" && conditions.Count == before.Count && conditions.All(before.Contains))
        {
            return found;
        }

        var status = (found.Status ?? new V1NamespaceStatus()) with { Phase = "Terminating", Conditions = [.. conditions] };
        return await client.UpdateStatusAsync(found with { Status = status }, cancellationToken);
    }
}
