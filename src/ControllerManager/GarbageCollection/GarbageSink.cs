using MiniKube.Api.Meta;
using MiniKube.Client.Informers;
using MiniKube.Client.Metadata;

namespace MiniKube.ControllerManager.GarbageCollection;

/// <summary>Brings the objects of one resource into the graph.</summary>
/// <param name="resource">Which.</param>
/// <param name="graph">Who owns whom.</param>
/// <param name="enqueue">Told of objects to look at.</param>
/// <param name="changed">Told of every change.</param>
internal sealed class GarbageSink(GroupVersionResource resource, GarbageGraph graph, Action<string> enqueue, Action changed) : IReflectorSink<PartialObject>
{
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HashSet<string> _uids = [];

    public Task Synced => _synced.Task;

    public void Replace(IReadOnlyList<PartialObject> objects)
    {
        var before = _uids;
        _uids = [.. objects.Select(obj => obj.Metadata.Uid ?? "")];
        foreach (var obj in objects)
        {
            Upsert(obj);
        }

        foreach (var uid in before.Except(_uids).ToList())
        {
            Remove(uid);
        }

        _synced.TrySetResult();
    }

    public void Upsert(PartialObject obj)
    {
        var known = GarbageObject.From(resource, obj);
        _uids.Add(known.Uid);
        Enqueue(graph.Set(known));
        changed();
    }

    public void Delete(PartialObject obj)
    {
        _uids.Remove(obj.Metadata.Uid ?? "");
        Remove(obj.Metadata.Uid ?? "");
        changed();
    }

    /// <summary>The resource itself is gone, and its objects with it.</summary>
    public void Clear() => Replace([]);

    private void Remove(string uid) => Enqueue(graph.Remove(uid));

    private void Enqueue(IEnumerable<string> uids)
    {
        foreach (var uid in uids)
        {
            enqueue(uid);
        }
    }
}
