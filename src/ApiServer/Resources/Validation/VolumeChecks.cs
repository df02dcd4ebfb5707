using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Volumes of a pod, and where containers mount them.</summary>
internal static class VolumeChecks
{
    private static readonly string[] HostPathTypes =
        ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];

    public static IEnumerable<FieldError> Validate(string path, JsonObject spec)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, volume) in spec.ObjectsAt("volumes").Index())
        {
            var at = $"{path}[{index}]";
            foreach (var error in Sources(at, volume).Concat(Checks.RequiredName($"{at}.name", volume.StringAt("name"), Names.DnsLabel)))
            {
                yield return error;
            }

            if (volume.StringAt("name") is { Length: > 0 } name && !names.Add(name))
            {
                yield return FieldError.Duplicate($"{at}.name", name);
            }
        }
    }

    public static IEnumerable<FieldError> Mounts(string path, JsonObject container, HashSet<string> volumes)
    {
        var mounted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, mount) in container.ObjectsAt("volumeMounts").Index())
        {
            foreach (var error in Mount($"{path}[{index}]", mount, volumes, mounted))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Mount(string path, JsonObject mount, HashSet<string> volumes, HashSet<string> mounted)
    {
        if (mount.StringAt("name") is not { Length: > 0 } name)
        {
            yield return FieldError.Required($"{path}.name");
        }
        else if (!volumes.Contains(name))
        {
            yield return FieldError.NotFound($"{path}.name", name);
        }

        if (mount.StringAt("mountPath") is not { Length: > 0 } at)
        {
            yield return FieldError.Required($"{path}.mountPath");
        }
        else if (!mounted.Add(at))
        {
            yield return FieldError.Invalid($"{path}.mountPath", at, "must be unique");
        }

        foreach (var field in new[] { "subPath", "subPathExpr" })
        {
            foreach (var error in Relative($"{path}.{field}", mount.StringAt(field)))
            {
                yield return error;
            }
        }

        if (mount.StringAt("subPath") is { Length: > 0 } && mount.StringAt("subPathExpr") is { Length: > 0 } expression)
        {
            yield return FieldError.Invalid($"{path}.subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
        }
    }

    private static IEnumerable<FieldError> Relative(string path, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            yield break;
        }

        if (value[0] == '/')
        {
            yield return FieldError.Invalid(path, value, "must be a relative path");
        }

        if (value.Split('/').Contains(".."))
        {
            yield return FieldError.Invalid(path, value, "must not contain '..'");
        }
    }

    private static IEnumerable<FieldError> Sources(string path, JsonObject volume)
    {
        var sources = volume.Where(field => field.Key != "name" && field.Value is JsonObject).ToList();
        if (sources.Count == 0)
        {
            return [FieldError.Required(path, "must specify a volume type")];
        }

        return sources.Skip(1)
            .Select(source => FieldError.Forbidden($"{path}.{source.Key}", "may not specify more than 1 volume type"))
            .Concat(OfSource($"{path}.{sources[0].Key}", sources[0].Key, (JsonObject)sources[0].Value!));
    }

    private static IEnumerable<FieldError> OfSource(string path, string source, JsonObject fields) => source switch
    {
        "hostPath" => Needs(path, fields, "path")
            .Concat(fields.StringAt("path") is { } host && host.Split('/').Contains("..")
                ? [FieldError.Invalid($"{path}.path", host, "must not contain '..'")]
                : [])
            .Concat(Checks.OneOf($"{path}.type", fields.StringAt("type") ?? "", HostPathTypes)),
        "secret" => Needs(path, fields, "secretName").Concat(Mode(path, fields)).Concat(Items(path, fields)),
        "configMap" => Needs(path, fields, "name").Concat(Mode(path, fields)).Concat(Items(path, fields)),
        "persistentVolumeClaim" => Needs(path, fields, "claimName"),
        "nfs" => Needs(path, fields, "server").Concat(Needs(path, fields, "path")),
        "csi" => Needs(path, fields, "driver"),
        "projected" => Mode(path, fields).Concat(fields.ObjectsAt("sources").SelectMany((s, i) => Projection($"{path}.sources[{i}]", s))),
        "downwardAPI" => Mode(path, fields),
        _ => [],
    };

    private static IEnumerable<FieldError> Projection(string path, JsonObject source)
    {
        var errors = Items($"{path}.secret", source.ObjectAt("secret")).Concat(Items($"{path}.configMap", source.ObjectAt("configMap")));
        if (source.ObjectAt("serviceAccountToken") is not { } token)
        {
            return errors;
        }

        errors = errors.Concat(Needs($"{path}.serviceAccountToken", token, "path"));
        return token.IntegerAt("expirationSeconds") is { } seconds and < 600
            ? errors.Append(FieldError.Invalid($"{path}.serviceAccountToken.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"))
            : errors;
    }

    private static IEnumerable<FieldError> Items(string path, JsonObject? fields) => fields.ObjectsAt("items").SelectMany((item, i) =>
        Needs($"{path}.items[{i}]", item, "key")
            .Concat(Needs($"{path}.items[{i}]", item, "path"))
            .Concat(Relative($"{path}.items[{i}].path", item.StringAt("path"))));

    private static IEnumerable<FieldError> Needs(string path, JsonObject fields, string name) =>
        string.IsNullOrEmpty(fields.StringAt(name)) ? [FieldError.Required($"{path}.{name}")] : [];

    private static IEnumerable<FieldError> Mode(string path, JsonObject fields) => fields.IntegerAt("defaultMode") is { } mode and (< 0 or > 511)
        ? [FieldError.Invalid($"{path}.defaultMode", mode, "must be a number between 0 and 0777 (octal), both inclusive")]
        : [];
}
