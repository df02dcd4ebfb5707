using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>Amounts of resources are of thousandths at the finest: what is finer is rounded up (upstream's SetDefaults_ResourceList).</summary>
internal static class AmountDefaults
{
    public static void OfRequirements(JsonObject? resources)
    {
        RoundUp(resources.ObjectAt("limits"));
        RoundUp(resources.ObjectAt("requests"));
    }

    public static void RoundUp(JsonObject? amounts)
    {
        List<KeyValuePair<string, Quantity>>? finer = null;
        foreach (var (name, amount) in amounts ?? [])
        {
            if (MayBeFiner(FieldPath.Text(amount)) && Quantity.TryParse(FieldPath.Text(amount), out var quantity) && quantity.ToString() is [.., 'n' or 'u'])
            {
                (finer ??= []).Add(KeyValuePair.Create(name, Quantity.FromMilliValue(quantity.MilliValue, quantity.Format)));
            }
        }

        foreach (var (name, amount) in finer ?? [])
        {
            amounts![name] = amount.ToString();
        }
    }

    // Hardly an amount is: the others are not parsed here.
    private static bool MayBeFiner(string amount) => amount is [.., 'n' or 'u'] || amount.AsSpan().ContainsAny('.', 'e', 'E');
}
