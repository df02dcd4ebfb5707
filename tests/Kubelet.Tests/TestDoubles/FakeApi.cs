using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Keeps objects and applies the kubelet's patches to them: just enough to see what the kubelet writes, without a server.</summary>
internal sealed class FakeApi : IObjectClient
{
    private readonly ConcurrentDictionary<(Type, NamespacedName), JsonObject> _objects = [];
    private readonly Lock _writing = new();
    private long _version = 100;

    /// <summary>The keys of deleted pods with the options of the request.</summary>
    public ConcurrentQueue<(NamespacedName Key, V1DeleteOptions? Options)> Deletions { get; } = [];

    public ConcurrentQueue<string> Patches { get; } = [];

    /// <summary>What a POST with an answer is answered with.</summary>
    public Func<NamespacedName, object, object>? Answer { get; set; }

    public void Put<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> => _objects[(typeof(T), obj.Key())] = JsonNode.Parse(KubernetesJson.Serialize(obj))!.AsObject();

    public T? Find<T>(NamespacedName key)
        where T : class => _objects.TryGetValue((typeof(T), key), out var json) ? KubernetesJson.Deserialize<T>(json.ToJsonString()) : null;

    public Task<T> GetAsync<T>(NamespacedName key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => Task.FromResult(Find<T>(key) ?? throw NotFound());

    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (Find<T>(obj.Key()) is not null)
        {
            throw new StatusException(new V1Status { Code = 409, Reason = "AlreadyExists", Message = "exists" });
        }

        Put(obj);
        return Task.FromResult(obj);
    }

    public Task<T> UpdateAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Put(obj);
        return Task.FromResult(obj);
    }

    public Task<T> PatchAsync<T>(NamespacedName key, V1Patch patch, string? subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var text = (string)patch.Content;
        Patches.Enqueue(text);
        return Task.FromResult(Write<T>(key, json => Merge(json, JsonNode.Parse(text)!.AsObject())));
    }

    /// <summary>As a user does it: nothing that the kubelet writes meanwhile is lost.</summary>
    public T Change<T>(NamespacedName key, Func<T, T> change)
        where T : class => Write<T>(key, json => JsonNode.Parse(KubernetesJson.Serialize(change(KubernetesJson.Deserialize<T>(json.ToJsonString()))))!.AsObject());

    public Task DeleteAsync<T>(NamespacedName key, V1DeleteOptions? options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Deletions.Enqueue((key, options));
        _objects.TryRemove((typeof(T), key), out _);
        return Task.CompletedTask;
    }

    public Task<ObjectList<T>> ListAsync<T>(ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(ListQuery query, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<T> UpdateStatusAsync<T>(T obj, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<T> UpdateSubresourceAsync<T>(T obj, string subresource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<TBody> UpdateSubresourceAsync<T, TBody>(NamespacedName key, string subresource, TBody body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TBody : class => throw new NotSupportedException();

    public Task PostAsync<T>(NamespacedName key, string subresource, object body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<TAnswer> PostAsync<T, TAnswer>(NamespacedName key, string subresource, TAnswer body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TAnswer : class => Task.FromResult((TAnswer)(Answer ?? throw new NotSupportedException())(key, body));

    private T Write<T>(NamespacedName key, Func<JsonObject, JsonObject> change)
    {
        lock (_writing)
        {
            var changed = change(_objects.TryGetValue((typeof(T), key), out var found) ? found : throw NotFound());
            changed["metadata"]!["resourceVersion"] = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture);
            _objects[(typeof(T), key)] = changed;
            return KubernetesJson.Deserialize<T>(changed.ToJsonString());
        }
    }

    private static StatusException NotFound() => new(new V1Status { Code = 404, Reason = "NotFound", Message = "not found" });

    // Merges conditions by type and replaces every other list, as the server does for what the kubelet writes.
    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var result = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    result.Remove(name);
                    break;
                case JsonObject child:
                    result[name] = Merge(result[name] as JsonObject ?? [], child);
                    break;
                case JsonArray list when name == "conditions":
                    result[name] = MergeByType(result[name] as JsonArray ?? [], list);
                    break;
                case JsonArray list:
                    result[name] = new JsonArray([.. list.Where(item => item is not JsonObject obj || !obj.ContainsKey("$patch")).Select(item => item?.DeepClone())]);
                    break;
                default:
                    result[name] = value.DeepClone();
                    break;
            }
        }

        return result;
    }

    private static JsonArray MergeByType(JsonArray target, JsonArray patch)
    {
        var merged = target.Select(item => item!.DeepClone().AsObject()).ToList();
        foreach (var item in patch.OfType<JsonObject>())
        {
            if ((string?)item["$patch"] == "delete")
            {
                merged.RemoveAll(candidate => (string?)candidate["type"] == (string?)item["type"]);
                continue;
            }

            var index = merged.FindIndex(candidate => (string?)candidate["type"] == (string?)item["type"]);
            if (index < 0)
            {
                merged.Add(Merge([], item));
            }
            else
            {
                merged[index] = Merge(merged[index], item);
            }
        }

        return new JsonArray([.. merged]);
    }
}
