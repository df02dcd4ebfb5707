using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>
/// Makes upstream's roles and bindings, and gives back what was taken from them: rules, subjects, labels that are missing are added, what somebody added stays.
/// Objects with the annotation <c>rbac.authorization.kubernetes.io/autoupdate: "false"</c> are left alone.
/// </summary>
internal sealed class RbacBootstrap(SystemWriter writer, CacheReads reads)
{
    private const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everything is in the watch cache, where authorization reads it.</summary>
    public Task Done => _done.Task;

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        // At once: the store commits all that wait with one fsync.
        await Task.WhenAll(BootstrapPolicy.Objects().Select(obj => EnsureAsync(obj, cancellationToken)));
        await reads.WaitForNewestAsync(cancellationToken);
        _done.TrySetResult();
    }

    /// <summary>The object with what it lacks; null when it lacks nothing, or wants to be left alone.</summary>
    public static JsonObject? Complete(JsonObject current, JsonObject wanted)
    {
        if (current.StringAt("metadata", "annotations", AutoUpdate) == "false")
        {
            return null;
        }

        var next = (JsonObject)current.DeepClone();
        AddMissing(next.GetOrAddObject("metadata"), wanted.ObjectAt("metadata") ?? [], "labels");
        AddMissing(next.GetOrAddObject("metadata"), wanted.ObjectAt("metadata") ?? [], "annotations");
        AddMissing(next, wanted, "subjects", current.ObjectsAt("subjects"));
        AddMissing(next.GetOrAddObject("aggregationRule"), wanted.ObjectAt("aggregationRule") ?? [], "clusterRoleSelectors", current.ObjectsAt("aggregationRule", "clusterRoleSelectors"));
        if (next.ObjectAt("aggregationRule") is { Count: 0 })
        {
            next.Remove("aggregationRule");
        }

        var missing = RuleCover.Compact(RuleCover.Missing(PolicyRule.ParseAll(current), PolicyRule.ParseAll(wanted)));
        if (missing.Count > 0)
        {
            next["rules"] = new JsonArray([.. current.ObjectsAt("rules").Select(rule => rule.DeepClone()), .. missing.Select(rule => rule.ToJson())]);
        }

        return JsonNode.DeepEquals(next, current) ? null : next;
    }

    private async Task EnsureAsync(JsonObject wanted, CancellationToken cancellationToken)
    {
        var resource = $"{wanted.StringAt("kind")?.ToLowerInvariant()}s";
        var @namespace = wanted.StringAt("metadata", "namespace") ?? "";
        var copy = (JsonObject)wanted.DeepClone();
        if (writer.Find(RoleReference.Group, resource, @namespace, wanted.StringAt("metadata", "name") ?? "") is not { } current)
        {
            await writer.EnsureAsync(RoleReference.Group, resource, @namespace, copy, cancellationToken);
        }
        else if (current.StringAt("metadata", "annotations", AutoUpdate) != "false" && !JsonNode.DeepEquals(current["roleRef"], wanted["roleRef"]))
        {
            // What a binding refers to cannot be changed, only made anew.
            await writer.DeleteAsync(RoleReference.Group, resource, @namespace, wanted.StringAt("metadata", "name") ?? "", cancellationToken);
            await writer.EnsureAsync(RoleReference.Group, resource, @namespace, copy, cancellationToken);
        }
        else if (Complete(current, wanted) is { } completed)
        {
            await writer.UpdateAsync(RoleReference.Group, resource, @namespace, completed, cancellationToken);
        }
    }

    private static void AddMissing(JsonObject target, JsonObject wanted, string field)
    {
        foreach (var (name, value) in wanted.ObjectAt(field) ?? [])
        {
            target.GetOrAddObject(field).SetDefault(name, value?.DeepClone() ?? "");
        }
    }

    private static void AddMissing(JsonObject target, JsonObject wanted, string field, IEnumerable<JsonObject> present)
    {
        List<JsonObject> missing = [.. wanted.ObjectsAt(field).Where(item => !present.Any(known => JsonNode.DeepEquals(known, item)))];
        if (missing.Count > 0)
        {
            target[field] = new JsonArray([.. present.Select(item => item.DeepClone()), .. missing.Select(item => item.DeepClone())]);
        }
    }
}
