using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Quotas;

/// <summary>What a write does to a quota of its namespace. Pure.</summary>
internal static class QuotaChange
{
    private static readonly HashSet<string> Constrained = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    /// <summary>The amounts that change: what the new object takes, less what the old one took. Only those that the quota limits.</summary>
    public static Dictionary<string, Quantity> Of(JsonObject quota, GroupVersionResource resource, JsonObject? obj, JsonObject? old)
    {
        var (after, before) = (Usage(quota, resource, obj), Usage(quota, resource, old));
        return (quota.ObjectAt("status", "hard") ?? [])
            .Select(hard => KeyValuePair.Create(hard.Key, after.GetValueOrDefault(hard.Key) - before.GetValueOrDefault(hard.Key)))
            .Where(change => !change.Value.IsZero)
            .ToDictionary();
    }

    /// <summary>Why the quota does not allow the change, in upstream's words; null when it does.</summary>
    public static string? Exceeds(JsonObject quota, IReadOnlyDictionary<string, Quantity> change)
    {
        var exceeded = change.Keys
            .Where(name => change[name] > Quantity.Zero && Amount(quota, "used", name) + change[name] > Amount(quota, "hard", name))
            .Order(StringComparer.Ordinal)
            .ToList();
        return exceeded.Count == 0 ? null
            : $"exceeded quota: {quota.StringAt("metadata", "name")}, requested: {Text(name => change[name])}, used: {Text(name => Amount(quota, "used", name))}, limited: {Text(name => Amount(quota, "hard", name))}";

        string Text(Func<string, Quantity> read) => string.Join(',', exceeded.Select(name => $"{name}={read(name)}"));
    }

    /// <summary>A pod must say what a quota limits: the resources and the containers that do not; null when all do.</summary>
    public static string? Lacks(JsonObject quota, GroupVersionResource resource, JsonObject pod)
    {
        if (resource is not { Group: "", Resource: "pods" } || pod.ObjectAt("spec", "resources") is { Count: > 0 } || !QuotaScopes.Includes(quota, resource, pod))
        {
            return null;
        }

        var containers = pod.ObjectsAt("spec", "containers").Concat(pod.ObjectsAt("spec", "initContainers")).ToList();
        var missing = (quota.ObjectAt("status", "hard") ?? [])
            .Select(hard => hard.Key)
            .Where(Constrained.Contains)
            .Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Containers: containers.Where(container => !Said(container).ContainsKey(name)).Select(container => container.StringAt("name")).ToList()))
            .Where(lack => lack.Containers.Count > 0)
            .Select(lack => $"{lack.Name} for: {string.Join(',', lack.Containers.Order(StringComparer.Ordinal))}")
            .ToList();
        return missing.Count == 0 ? null : $"failed quota: {quota.StringAt("metadata", "name")}: must specify {string.Join("; ", missing)}";
    }

    /// <summary>Counts the change in the quota's status.</summary>
    public static void Apply(JsonObject quota, IReadOnlyDictionary<string, Quantity> change)
    {
        var used = quota.GetOrAddObject("status").GetOrAddObject("used");
        foreach (var (name, amount) in change)
        {
            var sum = Amount(quota, "used", name) + amount;
            used[name] = (sum.IsNegative ? Quantity.Zero : sum).ToString();
        }
    }

    public static Dictionary<string, Quantity> Usage(JsonObject quota, GroupVersionResource resource, JsonObject? obj) =>
        obj is not null && QuotaScopes.Includes(quota, resource, obj) ? QuotaUsage.Of(resource, obj) : [];

    private static Dictionary<string, Quantity> Said(JsonObject container)
    {
        var said = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        QuotaUsage.Compute(
            said,
            PodResources.Amounts(container.ObjectAt("resources", "requests")).ToDictionary(),
            PodResources.Amounts(container.ObjectAt("resources", "limits")).ToDictionary());
        return said;
    }

    private static Quantity Amount(JsonObject quota, string list, string name) =>
        Quantity.TryParse(FieldPath.Text(quota.At("status", list, name)), out var amount) ? amount : Quantity.Zero;
}
