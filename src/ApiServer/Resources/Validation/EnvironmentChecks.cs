using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Environment variables of a container.</summary>
internal static partial class EnvironmentChecks
{
    private static readonly string[] Sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    private static readonly string[] Fields =
    [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    public static IEnumerable<FieldError> Variable(string path, JsonObject variable)
    {
        foreach (var error in Checks.RequiredName($"{path}.name", variable.StringAt("name"), Names.EnvVarName))
        {
            yield return error;
        }

        if (variable.ObjectAt("valueFrom") is not { } source)
        {
            yield break;
        }

        foreach (var error in ValueFrom($"{path}.valueFrom", source, variable.StringAt("value") ?? ""))
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> Source(string path, JsonObject source)
    {
        var (map, secret) = (source.ObjectAt("configMapRef"), source.ObjectAt("secretRef"));
        if (map is null == secret is null)
        {
            return [FieldError.Invalid(path, "", map is null
                ? "must specify one of: `configMapRef` or `secretRef`"
                : "may not have more than one field specified at a time")];
        }

        var name = (map ?? secret).StringAt("name");
        var field = $"{path}.{(map is null ? "secretRef" : "configMapRef")}.name";
        return Checks.RequiredName(field, name, Names.DnsSubdomain)
            .Concat(Checks.OptionalName($"{path}.prefix", source.StringAt("prefix"), Names.EnvVarName));
    }

    private static IEnumerable<FieldError> ValueFrom(string path, JsonObject source, string value)
    {
        var given = Sources.Where(name => source[name] is not null).ToList();
        if (given.Count == 0)
        {
            return [FieldError.Invalid(
                path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")];
        }

        var errors = given.SelectMany(name => OfSource($"{path}.{name}", name, source.ObjectAt(name) ?? []));
        if (value.Length > 0)
        {
            errors = errors.Append(FieldError.Invalid(path, "", "may not be specified when `value` is not empty"));
        }

        return given.Count > 1 ? errors.Append(FieldError.Invalid(path, "", "may not have more than one field specified at a time")) : errors;
    }

    private static IEnumerable<FieldError> OfSource(string path, string name, JsonObject reference) => name switch
    {
        "fieldRef" => FieldReference(path, reference),
        "resourceFieldRef" => string.IsNullOrEmpty(reference.StringAt("resource")) ? [FieldError.Required($"{path}.resource")] : [],
        "configMapKeyRef" or "secretKeyRef" => KeyReference(path, reference),
        _ => [],
    };

    private static IEnumerable<FieldError> KeyReference(string path, JsonObject reference) =>
        (string.IsNullOrEmpty(reference.StringAt("name")) ? [FieldError.Required($"{path}.name")] : Array.Empty<FieldError>())
        .Concat(Checks.RequiredName($"{path}.key", reference.StringAt("key"), Names.ConfigKey));

    private static IEnumerable<FieldError> FieldReference(string path, JsonObject reference)
    {
        if (string.IsNullOrEmpty(reference.StringAt("apiVersion")))
        {
            yield return FieldError.Required($"{path}.apiVersion");
        }
        else if (reference.StringAt("fieldPath") is not { Length: > 0 } field)
        {
            yield return FieldError.Required($"{path}.fieldPath");
        }
        else if (!Fields.Contains(field) && !Subscript().IsMatch(field))
        {
            yield return FieldError.NotSupported($"{path}.fieldPath", field, Fields.Skip(2));
        }
    }

    [GeneratedRegex(@"\Ametadata\.(labels|annotations)\['[^']+'\]\z")]
    private static partial Regex Subscript();
}
