using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>
/// What a pod needs as a whole (upstream's component-helpers/resource): containers run together, init containers one after another beside the sidecars that
/// were started before them, and what is said of the pod itself counts instead.
/// </summary>
internal static class PodResources
{
    /// <summary>Requests or limits of a pod, with overhead.</summary>
    public static Dictionary<string, Quantity> Of(JsonNode? spec, string part)
    {
        var sums = OfContainers(spec, part);
        foreach (var (name, amount) in Amounts(spec.ObjectAt("resources", part)))
        {
            sums[name] = amount;
        }

        foreach (var (name, amount) in Amounts(spec.ObjectAt("overhead")))
        {
            // Without a limit, overhead limits nothing.
            if (part == "requests" || sums.ContainsKey(name))
            {
                sums[name] = sums.GetValueOrDefault(name) + amount;
            }
        }

        return sums;
    }

    /// <summary>Of the containers alone.</summary>
    public static Dictionary<string, Quantity> OfContainers(JsonNode? spec, string part)
    {
        var sums = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.ObjectsAt("containers"))
        {
            Add(sums, Amounts(container.ObjectAt("resources", part)));
        }

        var sidecars = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        var starting = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.ObjectsAt("initContainers"))
        {
            var amounts = Amounts(container.ObjectAt("resources", part)).ToDictionary();
            if (container.StringAt("restartPolicy") == "Always")
            {
                Add(sums, amounts);
                Add(sidecars, amounts);
                Max(starting, sidecars);
            }
            else
            {
                Add(amounts, sidecars);
                Max(starting, amounts);
            }
        }

        Max(sums, starting);
        return sums;
    }

    public static IEnumerable<KeyValuePair<string, Quantity>> Amounts(JsonObject? amounts) => (amounts ?? []).Select(amount =>
        KeyValuePair.Create(amount.Key, Quantity.TryParse(FieldPath.Text(amount.Value), out var quantity) ? quantity : Quantity.Zero));

    private static void Add(Dictionary<string, Quantity> sums, IEnumerable<KeyValuePair<string, Quantity>> amounts)
    {
        foreach (var (name, amount) in amounts)
        {
            sums[name] = sums.GetValueOrDefault(name) + amount;
        }
    }

    private static void Max(Dictionary<string, Quantity> sums, Dictionary<string, Quantity> amounts)
    {
        foreach (var (name, amount) in amounts)
        {
            if (!sums.TryGetValue(name, out var sum) || amount > sum)
            {
                sums[name] = amount;
            }
        }
    }
}
