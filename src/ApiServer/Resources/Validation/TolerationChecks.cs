using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Taints of nodes, and the tolerations of pods for them.</summary>
internal static class TolerationChecks
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static IEnumerable<FieldError> Validate(string path, JsonObject spec) =>
        spec.ObjectsAt("tolerations").SelectMany((toleration, i) => Toleration($"{path}[{i}]", toleration));

    public static IEnumerable<FieldError> Taints(string path, JsonObject? spec)
    {
        var seen = new HashSet<(string?, string?)>();
        foreach (var (index, taint) in spec.ObjectsAt("taints").Index())
        {
            var at = $"{path}[{index}]";
            var errors = Checks.Named($"{at}.key", taint.StringAt("key") ?? "", Names.QualifiedName)
                .Concat(Checks.Named($"{at}.value", taint.StringAt("value") ?? "", Names.LabelValue))
                .Concat(Checks.OneOf($"{at}.effect", taint.StringAt("effect"), Effects));
            foreach (var error in errors)
            {
                yield return error;
            }

            if (!seen.Add((taint.StringAt("key"), taint.StringAt("effect"))))
            {
                yield return FieldError.Duplicate(at, taint);
            }
        }
    }

    private static IEnumerable<FieldError> Toleration(string path, JsonObject toleration)
    {
        var (key, effect) = (toleration.StringAt("key") ?? "", toleration.StringAt("effect") ?? "");
        var (@operator, value) = (toleration.StringAt("operator") ?? "", toleration.StringAt("value") ?? "");
        foreach (var error in Checks.OptionalName($"{path}.key", key, Names.QualifiedName))
        {
            yield return error;
        }

        if (key.Length == 0 && @operator != "Exists")
        {
            yield return FieldError.Invalid(
                $"{path}.operator", @operator, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }

        if (toleration["tolerationSeconds"] is not null && effect != "NoExecute")
        {
            yield return FieldError.Invalid($"{path}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }

        var others = @operator switch
        {
            "Equal" or "" => Checks.Named($"{path}.operator", value, Names.LabelValue),
            "Exists" => value.Length > 0 ? [FieldError.Invalid($"{path}.operator", toleration, "value must be empty when `operator` is 'Exists'")] : [],
            _ => [FieldError.NotSupported($"{path}.operator", @operator, "Equal", "Exists")],
        };
        foreach (var error in others.Concat(Checks.OptionalOneOf($"{path}.effect", effect, Effects)))
        {
            yield return error;
        }
    }
}
