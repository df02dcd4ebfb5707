using System.Diagnostics.CodeAnalysis;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client.Informers;

/// <summary>An indexer that a reflector fills, and the handlers that hear of each change.</summary>
internal sealed class Informer<T> : IInformer<T>, IReflectorSink<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Indexer<T> _indexer = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Held while a change is stored and told, so that a handler that is added in between hears everything once and in order.
    private readonly Lock _telling = new();
    private readonly List<Action<ObjectChange<T>>> _handlers = [];

    public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? obj) => _indexer.TryGet(key, out obj);

    public IReadOnlyList<T> List(string? @namespace = null) => _indexer.List(@namespace);

    public IReadOnlyList<T> OwnedBy(IKubernetesObject<V1ObjectMeta> owner) => _indexer.OwnedBy(owner);

    public IReadOnlyList<T> Unmanaged(string @namespace) => _indexer.Unmanaged(@namespace);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public IDisposable AddHandler(Action<ObjectChange<T>> handler)
    {
        // Its own delegate: the same handler may be added twice.
        var added = new Action<ObjectChange<T>>(handler.Invoke);
        lock (_telling)
        {
            foreach (var obj in _indexer.List())
            {
                added(new ObjectChange<T>(null, obj));
            }

            _handlers.Add(added);
        }

        return new Registration(this, added);
    }

    public void Replace(IReadOnlyList<T> objects)
    {
        lock (_telling)
        {
            var gone = _indexer.Keys().ToHashSet();
            foreach (var obj in objects)
            {
                gone.Remove(obj.Key());
                Store(obj);
            }

            foreach (var key in gone)
            {
                Drop(key);
            }
        }

        _synced.TrySetResult();
    }

    public void Upsert(T obj)
    {
        lock (_telling)
        {
            Store(obj);
        }
    }

    public void Delete(T obj)
    {
        lock (_telling)
        {
            if (_indexer.Remove(obj.Key()) is not null)
            {
                // The event has the state at the deletion, which is newer than what was stored.
                Tell(new ObjectChange<T>(obj, null));
            }
        }
    }

    private void Store(T obj)
    {
        var old = _indexer.Set(obj);
        if (old is null)
        {
            Tell(new ObjectChange<T>(null, obj));
        }
        else if (old.Metadata?.Uid != obj.Metadata?.Uid)
        {
            // Deleted and created again while nobody watched: two objects, two changes.
            Tell(new ObjectChange<T>(old, null));
            Tell(new ObjectChange<T>(null, obj));
        }
        else if (old.Metadata?.ResourceVersion != obj.Metadata?.ResourceVersion)
        {
            Tell(new ObjectChange<T>(old, obj));
        }
    }

    private void Drop(NamespacedName key)
    {
        if (_indexer.Remove(key) is { } old)
        {
            Tell(new ObjectChange<T>(old, null));
        }
    }

    private void Tell(ObjectChange<T> change)
    {
        foreach (var handler in _handlers)
        {
            handler(change);
        }
    }

    private sealed class Registration(Informer<T> informer, Action<ObjectChange<T>> handler) : IDisposable
    {
        public void Dispose()
        {
            lock (informer._telling)
            {
                informer._handlers.Remove(handler);
            }
        }
    }
}
