using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>The quality-of-service class of a pod, of the cpu and memory that its containers ask for (upstream's qos.ComputePodQOS).</summary>
internal static class PodQos
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Compute(JsonObject spec)
    {
        // Resources of the pod as a whole say it alone.
        List<JsonObject> resources = spec.ObjectAt("resources") is { Count: > 0 } whole
            ? [whole]
            : [.. spec.ObjectsAt("containers").Concat(spec.ObjectsAt("initContainers")).Select(c => c.ObjectAt("resources") ?? [])];
        var requests = resources.ConvertAll(r => Amounts(r.ObjectAt("requests")));
        var limits = resources.ConvertAll(r => Amounts(r.ObjectAt("limits")));
        if (requests.All(amounts => amounts.Count == 0) && limits.All(amounts => amounts.Count == 0))
        {
            return "BestEffort";
        }

        var (requested, limited) = (Sum(requests), Sum(limits));
        var isGuaranteed = limits.TrueForAll(amounts => amounts.Count == Counted.Length)
            && requested.Count == limited.Count
            && requested.All(request => limited.TryGetValue(request.Key, out var limit) && limit == request.Value);
        return isGuaranteed ? "Guaranteed" : "Burstable";
    }

    private static Dictionary<string, Quantity> Amounts(JsonObject? amounts) => (
        from name in Counted
        let quantity = Quantity.TryParse(FieldPath.Text(amounts?[name]), out var parsed) ? parsed : Quantity.Zero
        where quantity > Quantity.Zero
        select (name, quantity)).ToDictionary(amount => amount.name, amount => amount.quantity);

    private static Dictionary<string, Quantity> Sum(IEnumerable<Dictionary<string, Quantity>> amounts) => amounts
        .SelectMany(amount => amount)
        .GroupBy(amount => amount.Key)
        .ToDictionary(group => group.Key, group => group.Aggregate(Quantity.Zero, (sum, amount) => sum + amount.Value));
}
