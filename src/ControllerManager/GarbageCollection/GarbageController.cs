using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client.Controllers;
using MiniKube.Client.Metadata;

namespace MiniKube.ControllerManager.GarbageCollection;

/// <summary>
/// Deletes objects whose owners are all gone, in the background or (an owner that waits for its dependents) in the foreground, and makes orphans of an owner's dependents when its user
/// asked for that. A key is a uid.
/// </summary>
internal sealed class GarbageController(
    IMetadataClient client, MetadataReflector reflector, ControllerManagerOptions options, TimeProvider clock, ILogger<GarbageMonitors> logger) : IController
{
    private readonly GarbageGraph _graph = new();
    private readonly GarbageWriter _writer = new(client);
    private GarbageMonitors? _monitors;

    public string Name => "garbage-collector-controller";

    public int Workers => options.ConcurrentGarbageCollectorSyncs;

    private GarbageMonitors Monitors => _monitors ??= new GarbageMonitors(client, reflector, _graph, clock, logger);

    public void Configure(ControllerBuilder controller) => controller.Runs(
        (add, cancellationToken) => Monitors.RunAsync(uid => add(new NamespacedName("", uid)), cancellationToken), Monitors.WaitForSyncAsync);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_graph.Find(key.Name) is not { } obj)
        {
            return ReconcileResult.Done;
        }

        if (obj.IsDeleting)
        {
            await GoOnDeletingAsync(obj, cancellationToken);
        }
        else if (obj.Owners.Count > 0 && !_graph.IsHeld(obj) && await _writer.GetAsync(obj, cancellationToken) is { } newest)
        {
            await JudgeAsync(obj, newest, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private async Task GoOnDeletingAsync(GarbageObject obj, CancellationToken cancellationToken)
    {
        var isDone = obj.HasOrphanFinalizer || (obj.HasForegroundFinalizer && !_graph.Dependents(obj.Uid).Any(dependent => dependent.Blocks(obj.Uid)));
        if (!isDone || await _writer.GetAsync(obj, cancellationToken) is not { } newest)
        {
            return;
        }

        if (obj.HasOrphanFinalizer)
        {
            await OrphanDependentsAsync(obj, cancellationToken);
        }

        await _writer.RemoveFinalizerAsync(
            obj, newest, obj.HasOrphanFinalizer ? GarbageObject.OrphanFinalizer : GarbageObject.ForegroundFinalizer, cancellationToken);
    }

    private async Task OrphanDependentsAsync(GarbageObject owner, CancellationToken cancellationToken)
    {
        foreach (var dependent in _graph.Dependents(owner.Uid))
        {
            if (await _writer.GetAsync(dependent, cancellationToken) is { } newest)
            {
                await _writer.RemoveOwnersAsync(dependent, newest, new HashSet<string> { owner.Uid }, cancellationToken);
            }
        }
    }

    /// <summary>An owner that stays keeps it. One that waits for it, or is gone, does not.</summary>
    private async Task JudgeAsync(GarbageObject obj, PartialObject newest, CancellationToken cancellationToken)
    {
        var gone = new HashSet<string>();
        var waiting = new HashSet<string>();
        var kept = false;
        foreach (var reference in newest.Metadata.OwnerReferences ?? [])
        {
            switch (await StateAsync(obj, reference, cancellationToken))
            {
                case OwnerState.Gone:
                    gone.Add(reference.Uid);
                    break;
                case OwnerState.Waiting:
                    waiting.Add(reference.Uid);
                    break;
                default:
                    kept = true;
                    break;
            }
        }

        if (kept)
        {
            gone.UnionWith(waiting);
            if (gone.Count > 0)
            {
                await _writer.RemoveOwnersAsync(obj, newest, gone, cancellationToken);
            }
        }
        else if (gone.Count + waiting.Count > 0)
        {
            await DeleteAsync(obj, newest, waiting.Count > 0, cancellationToken);
        }
    }

    private async Task DeleteAsync(GarbageObject obj, PartialObject newest, bool ownerWaits, CancellationToken cancellationToken)
    {
        var dependents = _graph.Dependents(obj.Uid);
        if (ownerWaits && dependents.Count > 0)
        {
            // A circle of objects that wait for each other would wait for ever.
            foreach (var dependent in dependents.Where(dependent => dependent.WaitsForDependents))
            {
                if (await _writer.GetAsync(dependent, cancellationToken) is { } found)
                {
                    await _writer.RemoveOwnersAsync(dependent, found, new HashSet<string> { obj.Uid }, cancellationToken);
                }
            }

            await _writer.DeleteAsync(obj, newest, "Foreground", cancellationToken);
            return;
        }

        // A finalizer that is there already says how its user wants it.
        var policy = obj.HasOrphanFinalizer ? "Orphan" : obj.HasForegroundFinalizer ? "Foreground" : "Background";
        await _writer.DeleteAsync(obj, newest, policy, cancellationToken);
    }

    private async Task<OwnerState> StateAsync(GarbageObject obj, V1OwnerReference reference, CancellationToken cancellationToken)
    {
        if (_graph.IsGone(reference.Uid ?? ""))
        {
            return OwnerState.Gone;
        }

        var kind = GroupVersionKind.Parse(reference.ApiVersion, reference.Kind);
        var resource = Monitors.Find(kind) ?? throw new InvalidOperationException($"The owner of {obj.Key} is a {kind}, which the server does not have.");
        if (resource.Namespaced && obj.Key.Namespace.Length == 0)
        {
            // Nobody can say in which namespace to look: such a reference never decides over an object.
            return OwnerState.Kept;
        }

        try
        {
            var owner = await client.GetAsync(
                resource.Resource, new NamespacedName(resource.Namespaced ? obj.Key.Namespace : "", reference.Name ?? ""), cancellationToken);
            return owner.Metadata.Uid != reference.Uid ? OwnerState.Gone
                : GarbageObject.From(resource.Resource, owner).WaitsForDependents ? OwnerState.Waiting
                : OwnerState.Kept;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            _graph.Remember(reference.Uid ?? "");
            return OwnerState.Gone;
        }
    }

    private enum OwnerState
    {
        Kept,
        Waiting,
        Gone,
    }
}
