using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>Writes of the server itself: through the same decoding, defaults and validation as everybody's.</summary>
internal sealed class SystemWriter(ResourceCatalog catalog, CreateOperation create, UpdateOperation update, DeleteOperation delete)
{
    private const string Manager = "kube-apiserver";

    public static UserInfo User { get; } = new("system:apiserver", [SuperuserAuthorizer.Group, UserInfo.AuthenticatedGroup]);

    /// <summary>The object as the cache has it; null if there is none.</summary>
    public JsonObject? Find(string group, string resource, string @namespace, string name)
    {
        var served = catalog.Get(group, "v1", resource);
        return served.Cacher.Snapshot.Objects.Find(served.CacheKey(@namespace, name)) is { } found ? ObjectCodec.Parse(found.Json.Span) : null;
    }

    /// <summary>Creates the object unless there is one of that name.</summary>
    public async Task EnsureAsync(string group, string resource, string @namespace, JsonObject obj, CancellationToken cancellationToken)
    {
        var name = obj["metadata"]?["name"]?.ToString() ?? "";
        var served = catalog.Get(group, "v1", resource);
        if (served.Cacher.Snapshot.Objects.Find(served.CacheKey(@namespace, name)) is not null)
        {
            return;
        }

        try
        {
            await create.CreateAsync(new WriteRequest(served, @namespace, name, User, FieldManager: Manager), Decode(obj, served), cancellationToken);
        }
        catch (StatusException error) when (error.Code == 409)
        {
            // Another server was faster: it is there.
            return;
        }
    }

    /// <summary>Makes the object be as given: creates it, or changes the fields that are given.</summary>
    public Task<WriteResult> ApplyAsync(string group, string resource, string @namespace, JsonObject obj, CancellationToken cancellationToken)
    {
        var served = catalog.Get(group, "v1", resource);
        var change = new ObjectUpdate(
            UpdateScope.Main,
            (current, _) =>
            {
                var next = current?.DeepClone() as JsonObject ?? [];
                foreach (var (field, value) in obj)
                {
                    if (current is null || field != "metadata")
                    {
                        next[field] = value?.DeepClone();
                    }
                }

                return ValueTask.FromResult(Decode(next, served));
            },
            CreatesIfMissing: true);
        var name = obj["metadata"]?["name"]?.ToString() ?? "";
        return update.UpdateAsync(new WriteRequest(served, @namespace, name, User, FieldManager: Manager), change, cancellationToken);
    }

    /// <summary>Writes the whole object over the version that it was made of.</summary>
    public Task<WriteResult> UpdateAsync(string group, string resource, string @namespace, JsonObject obj, CancellationToken cancellationToken)
    {
        var served = catalog.Get(group, "v1", resource);
        var change = new ObjectUpdate(UpdateScope.Main, (_, _) => ValueTask.FromResult(Decode((JsonObject)obj.DeepClone(), served)));
        return update.UpdateAsync(new WriteRequest(served, @namespace, obj["metadata"]?["name"]?.ToString() ?? "", User, FieldManager: Manager), change, cancellationToken);
    }

    /// <summary>The objects of a namespace as the cache has them.</summary>
    public IReadOnlyList<JsonObject> List(string group, string resource, string @namespace)
    {
        var found = new List<JsonObject>();
        catalog.Get(group, "v1", resource).Cacher.Snapshot.Objects.VisitPrefix($"{@namespace}/", "", obj =>
        {
            found.Add(ObjectCodec.Parse(obj.Json.Span));
            return true;
        });
        return found;
    }

    public Task<WriteResult> DeleteAsync(string group, string resource, string @namespace, string name, CancellationToken cancellationToken) =>
        DeleteAsync(group, resource, @namespace, name, DeleteOptions.Default, cancellationToken);

    public Task<WriteResult> DeleteAsync(
        string group, string resource, string @namespace, string name, DeleteOptions options, CancellationToken cancellationToken) =>
        delete.DeleteAsync(new WriteRequest(catalog.Get(group, "v1", resource), @namespace, name, User), options, cancellationToken);

    /// <summary>Gives an object that has no status yet the one that the server knows.</summary>
    public async Task EnsureStatusAsync(string group, string resource, string name, JsonObject status, CancellationToken cancellationToken)
    {
        if (HasStatus(Find(group, resource, "", name)))
        {
            return;
        }

        await UpdateStatusAsync(
            group,
            resource,
            name,
            next =>
            {
                if (!HasStatus(next))
                {
                    next["status"] = status.DeepClone();
                }
            },
            cancellationToken);
    }

    /// <summary>Sets one condition of an object's status, in place of the one of its type.</summary>
    public Task SetConditionAsync(string group, string resource, string name, JsonObject condition, CancellationToken cancellationToken) => UpdateStatusAsync(
        group,
        resource,
        name,
        next =>
        {
            var others = next.ObjectsAt("status", "conditions").Where(other => other.StringAt("type") != condition.StringAt("type")).Select(other => other.DeepClone());
            next["status"] ??= new JsonObject();
            next["status"]!["conditions"] = new JsonArray([.. others, condition.DeepClone()]);
        },
        cancellationToken);

    private async Task UpdateStatusAsync(string group, string resource, string name, Action<JsonObject> make, CancellationToken cancellationToken)
    {
        var change = new ObjectUpdate(UpdateScope.Status, (current, _) =>
        {
            var next = (JsonObject?)current?.DeepClone() ?? [];
            make(next);
            return ValueTask.FromResult(next);
        });
        await update.UpdateAsync(new WriteRequest(catalog.Get(group, "v1", resource), "", name, User, "status", FieldManager: Manager), change, cancellationToken);
    }

    private static bool HasStatus(JsonObject? obj) => obj?["status"] is JsonObject { Count: > 0 };

    private static JsonObject Decode(JsonObject obj, ServedResource served) => BodyDecoder.Decode(obj, served.Strategy, FieldValidation.Strict, []);
}
