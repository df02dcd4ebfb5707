using System.Diagnostics.CodeAnalysis;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client.Informers;

/// <summary>All objects of a kind by name, by namespace and by the uid of their controller. Any thread may read; one writes.</summary>
internal sealed class Indexer<T> : ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, T> _objects = [];
    private readonly Dictionary<string, Dictionary<NamespacedName, T>> _byNamespace = [];
    private readonly Dictionary<string, Dictionary<NamespacedName, T>> _byController = [];
    private readonly Dictionary<string, Dictionary<NamespacedName, T>> _unmanaged = [];

    public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? obj)
    {
        lock (_lock)
        {
            return _objects.TryGetValue(key, out obj);
        }
    }

    public IReadOnlyList<T> List(string? @namespace = null)
    {
        lock (_lock)
        {
            return @namespace is null ? [.. _objects.Values] : Of(_byNamespace, @namespace);
        }
    }

    public IReadOnlyList<T> OwnedBy(IKubernetesObject<V1ObjectMeta> owner)
    {
        lock (_lock)
        {
            return Of(_byController, owner.Metadata?.Uid ?? "");
        }
    }

    public IReadOnlyList<T> Unmanaged(string @namespace)
    {
        lock (_lock)
        {
            return Of(_unmanaged, @namespace);
        }
    }

    public IReadOnlyList<NamespacedName> Keys()
    {
        lock (_lock)
        {
            return [.. _objects.Keys];
        }
    }

    /// <returns>What was there before.</returns>
    public T? Set(T obj)
    {
        var key = obj.Key();
        lock (_lock)
        {
            var old = Take(key);
            _objects[key] = obj;
            Add(_byNamespace, key.Namespace, key, obj);
            var controller = obj.ControllerReference();
            Add(_byController, controller?.Uid, key, obj);
            Add(_unmanaged, controller is null ? key.Namespace : null, key, obj);
            return old;
        }
    }

    /// <returns>What was there before.</returns>
    public T? Remove(NamespacedName key)
    {
        lock (_lock)
        {
            return Take(key);
        }
    }

    private T? Take(NamespacedName key)
    {
        if (!_objects.Remove(key, out var old))
        {
            return null;
        }

        Remove(_byNamespace, key.Namespace, key);
        Remove(_byController, old.ControllerReference()?.Uid, key);
        Remove(_unmanaged, key.Namespace, key);
        return old;
    }

    private static IReadOnlyList<T> Of(Dictionary<string, Dictionary<NamespacedName, T>> index, string value) =>
        index.TryGetValue(value, out var objects) ? [.. objects.Values] : [];

    private static void Add(Dictionary<string, Dictionary<NamespacedName, T>> index, string? value, NamespacedName key, T obj)
    {
        if (value is null)
        {
            return;
        }

        if (!index.TryGetValue(value, out var objects))
        {
            index[value] = objects = [];
        }

        objects[key] = obj;
    }

    private static void Remove(Dictionary<string, Dictionary<NamespacedName, T>> index, string? value, NamespacedName key)
    {
        if (value is not null && index.TryGetValue(value, out var objects) && objects.Remove(key) && objects.Count == 0)
        {
            index.Remove(value);
        }
    }
}
