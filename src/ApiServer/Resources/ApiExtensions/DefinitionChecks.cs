using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.CustomResources;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>Upstream's rules for CustomResourceDefinitions, apart from those for their schemas.</summary>
internal static class DefinitionChecks
{
    private static readonly string[] Scopes = ["Cluster", "Namespaced"];
    private static readonly string[] NameFields = ["plural", "singular", "kind", "listKind"];

    public static IEnumerable<FieldError> Create(JsonObject obj)
    {
        var required = $"{obj.StringAt("spec", "names", "plural")}.{obj.StringAt("spec", "group")}";
        if (obj.StringAt("metadata", "name") is { } name && name != required)
        {
            yield return FieldError.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }

        foreach (var error in Spec(obj, null).Concat(AcceptedNames(obj)).Concat(ApprovalRules.Validate(obj, null)).Concat(PreserveUnknownFields(obj)))
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> Update(JsonObject obj, JsonObject old) => Spec(obj, old)
        .Concat(Immutable(obj, old))
        .Concat(AcceptedNames(obj))
        .Concat(StoredVersions(obj))
        .Concat(ApprovalRules.Validate(obj, old))
        .Concat(PreserveUnknownFields(obj));

    public static IEnumerable<FieldError> Status(JsonObject obj) => AcceptedNames(obj);

    private static IEnumerable<FieldError> Spec(JsonObject obj, JsonObject? old)
    {
        var spec = obj.ObjectAt("spec") ?? [];
        var versions = spec.ObjectsAt("versions").ToList();
        return Group(spec)
            .Concat(Scope(spec))
            .Concat(MissingSchemas(versions))
            .Concat(VersionChecks.Validate(spec, versions, old))
            .Concat(RequiredNames(spec))
            .Concat(Names(spec.ObjectAt("names") ?? [], "spec.names"))
            .Concat(Conversion(spec.ObjectAt("conversion")));
    }

    private static IEnumerable<FieldError> Group(JsonObject spec)
    {
        var group = spec.StringAt("group") ?? "";
        if (group.Length == 0)
        {
            yield return FieldError.Required("spec.group");
        }
        else if (MiniKube.Api.Validation.Names.DnsSubdomain(group).ToList() is { Count: > 0 } faults)
        {
            yield return FieldError.Invalid("spec.group", group, string.Join(',', faults));
        }
        else if (!group.Contains('.', StringComparison.Ordinal))
        {
            yield return FieldError.Invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }

    private static IEnumerable<FieldError> Scope(JsonObject spec)
    {
        var scope = spec.StringAt("scope") ?? "";
        if (scope.Length == 0)
        {
            yield return FieldError.Required("spec.scope");
        }
        else if (!Scopes.Contains(scope))
        {
            yield return FieldError.NotSupported("spec.scope", scope, Scopes);
        }
    }

    private static IEnumerable<FieldError> MissingSchemas(List<JsonObject> versions) => versions.Index()
        .Where(version => version.Item.ObjectAt("schema", "openAPIV3Schema") is null)
        .Select(version => FieldError.Required($"spec.versions[{version.Index}].schema.openAPIV3Schema", "schemas are required"));

    private static IEnumerable<FieldError> RequiredNames(JsonObject spec) => NameFields
        .Where(field => string.IsNullOrEmpty(spec.StringAt("names", field)))
        .Select(field => FieldError.Required($"spec.names.{field}"));

    private static IEnumerable<FieldError> AcceptedNames(JsonObject obj) => Names(obj.ObjectAt("status", "acceptedNames") ?? [], "status.acceptedNames");

    private static IEnumerable<FieldError> Names(JsonObject names, string path)
    {
        foreach (var field in NameFields)
        {
            var name = names.StringAt(field) ?? "";
            var isKind = field is "kind" or "listKind";
            if (name.Length > 0 && Faults(isKind ? name.ToLowerInvariant() : name) is { Length: > 0 } faults)
            {
                yield return FieldError.Invalid($"{path}.{field}", name, isKind ? $"may have mixed case, but should otherwise match: {faults}" : faults);
            }
        }

        foreach (var error in Labels(names, "shortNames", path))
        {
            yield return error;
        }

        if (names.StringAt("kind") is { Length: > 0 } kind && kind == names.StringAt("listKind"))
        {
            yield return FieldError.Invalid($"{path}.listKind", kind, "kind and listKind may not be the same");
        }

        foreach (var error in Labels(names, "categories", path))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Labels(JsonObject names, string list, string path) =>
        from label in ((names[list] as JsonArray)?.Select(name => name.StringAt() ?? "") ?? []).Index()
        let faults = Faults(label.Item)
        where faults.Length > 0
        select FieldError.Invalid($"{path}.{list}[{label.Index}]", label.Item, faults);

    private static string Faults(string label) => string.Join(',', MiniKube.Api.Validation.Names.Dns1035Label(label));

    // Webhooks come with a later release: said here, not when the first object is converted.
    private static IEnumerable<FieldError> Conversion(JsonObject? conversion)
    {
        var strategy = conversion.StringAt("strategy") ?? "";
        switch (strategy)
        {
            case "":
                yield return FieldError.Required("spec.conversion.strategy");
                break;
            case "Webhook":
                yield return FieldError.Invalid("spec.conversion.strategy", strategy, "conversion webhooks are not supported by this server; only None is");
                break;
            case "None":
                if (conversion?["webhook"] is not null)
                {
                    yield return FieldError.Forbidden("spec.conversion.webhookClientConfig", "should not be set when strategy is not set to Webhook");
                }

                break;
            default:
                yield return FieldError.NotSupported("spec.conversion.strategy", strategy, "None", "Webhook");
                break;
        }
    }

    private static IEnumerable<FieldError> Immutable(JsonObject obj, JsonObject old)
    {
        var isEstablished = DefinitionConditions.IsTrue(old, DefinitionConditions.Established);
        string[] fields = isEstablished ? ["scope", "names.kind", "group", "names.plural"] : ["group", "names.plural"];
        return fields
            .Select(field => (field, Value: obj.At(["spec", .. field.Split('.')]), Before: old.At(["spec", .. field.Split('.')])))
            .Where(change => !JsonNode.DeepEquals(change.Value, change.Before))
            .Select(change => FieldError.Invalid($"spec.{change.field}", change.Value, "field is immutable"));
    }

    private static IEnumerable<FieldError> StoredVersions(JsonObject obj)
    {
        const string path = "status.storedVersions";
        var stored = (obj.At("status", "storedVersions") as JsonArray)?.Select(version => version.StringAt() ?? "").ToList() ?? [];
        if (stored.Count == 0)
        {
            yield return FieldError.Invalid(path, new JsonArray(), "must have at least one stored version");
            yield break;
        }

        var versions = obj.ObjectsAt("spec", "versions").Select(version => version.StringAt("name") ?? "").ToHashSet();
        foreach (var (index, version) in stored.Index().Where(version => !versions.Contains(version.Item)))
        {
            yield return FieldError.Invalid(
                $"{path}[{index}]",
                version,
                $"missing from spec.versions; {version} was previously a storage version, and must remain in spec.versions until a storage migration "
                + $"ensures no data remains persisted in {version} and removes {version} from status.storedVersions");
        }
    }

    private static IEnumerable<FieldError> PreserveUnknownFields(JsonObject obj)
    {
        if (obj.BooleanAt("spec", "preserveUnknownFields") == true)
        {
            yield return FieldError.Invalid(
                "spec.preserveUnknownFields",
                true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }
    }
}
