using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class LimitRangeStrategy : ResourceStrategy<V1LimitRange>
{
    private static readonly string[] Lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];

    public override IReadOnlyList<string> ShortNames => ["limits"];

    // Of containers, what is not said follows from what is: a limit from the greatest, a request from the limit or the least.
    public override void ApplyDefaults(JsonObject obj)
    {
        foreach (var amounts in obj.ObjectsAt("spec", "limits").SelectMany(limit => Lists.Select(list => limit.ObjectAt(list))))
        {
            AmountDefaults.RoundUp(amounts);
        }

        foreach (var limit in obj.ObjectsAt("spec", "limits").Where(limit => limit.StringAt("type") == "Container"))
        {
            Fill(limit, "default", "max");
            Fill(limit, "defaultRequest", "default");
            Fill(limit, "defaultRequest", "min");
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, LimitRangeChecks.Validate);

    private static void Fill(JsonObject limit, string name, string from)
    {
        foreach (var (resource, amount) in limit.ObjectAt(from) ?? [])
        {
            if (amount is not null)
            {
                limit.GetOrAddObject(name).SetDefault(resource, amount.DeepClone());
            }
        }
    }
}
