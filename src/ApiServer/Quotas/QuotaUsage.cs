using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Quotas;

/// <summary>What one object takes of the resources that quotas count (upstream's quota evaluators).</summary>
internal static class QuotaUsage
{
    private static readonly Quantity One = Quantity.FromValue(1);

    /// <summary>Kinds of the core group that are counted by their bare name, too.</summary>
    private static readonly HashSet<string> Counted =
        ["services", "configmaps", "secrets", "replicationcontrollers", "resourcequotas", "persistentvolumeclaims"];

    public static Dictionary<string, Quantity> Of(GroupVersionResource resource, JsonObject obj)
    {
        var usage = new Dictionary<string, Quantity>(StringComparer.Ordinal) { ["count/" + resource.GroupResource] = One };
        if (resource.Group.Length > 0)
        {
            return usage;
        }

        if (Counted.Contains(resource.Resource))
        {
            usage[resource.Resource] = One;
        }

        switch (resource.Resource)
        {
            case "pods" when obj.StringAt("status", "phase") is not ("Succeeded" or "Failed"):
                usage["pods"] = One;
                Compute(usage, PodResources.Of(obj["spec"], "requests"), PodResources.Of(obj["spec"], "limits"));
                break;
            case "services":
                OfService(usage, obj.ObjectAt("spec") ?? []);
                break;
            case "persistentvolumeclaims":
                OfClaim(usage, obj);
                break;
        }

        return usage;
    }

    /// <summary>Requests count by their bare names, too, and limits by theirs with a prefix.</summary>
    public static void Compute(
        Dictionary<string, Quantity> usage, IReadOnlyDictionary<string, Quantity> requests, IReadOnlyDictionary<string, Quantity> limits)
    {
        foreach (var (name, request) in requests)
        {
            usage["requests." + name] = request;
            if (name is "cpu" or "memory" or "ephemeral-storage" || ResourceNames.IsHugePages(name))
            {
                usage[name] = request;
            }
        }

        foreach (var name in (string[])["cpu", "memory", "ephemeral-storage"])
        {
            if (limits.TryGetValue(name, out var limit))
            {
                usage["limits." + name] = limit;
            }
        }
    }

    private static void OfService(Dictionary<string, Quantity> usage, JsonObject spec)
    {
        var ports = Quantity.FromValue(Cell.CountOf(spec["ports"]));
        usage["services.loadbalancers"] = spec.StringAt("type") == "LoadBalancer" ? One : Quantity.Zero;
        usage["services.nodeports"] = ServiceUpdates.NeedsNodePort(spec) ? ports : Quantity.Zero;
    }

    private static void OfClaim(Dictionary<string, Quantity> usage, JsonObject claim)
    {
        const string Suffix = ".storageclass.storage.k8s.io/";
        var size = Quantity.TryParse(FieldPath.Text(claim.At("spec", "resources", "requests", "storage")), out var storage) ? storage : Quantity.Zero;
        usage["requests.storage"] = size;
        var name = claim.StringAt("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") ?? claim.StringAt("spec", "storageClassName");
        if (!string.IsNullOrEmpty(name))
        {
            usage[$"{name}{Suffix}requests.storage"] = size;
            usage[$"{name}{Suffix}persistentvolumeclaims"] = One;
        }
    }
}
