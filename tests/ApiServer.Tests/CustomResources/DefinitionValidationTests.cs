using System.Text.Json.Nodes;

using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests.CustomResources;

public sealed class DefinitionValidationTests
{
    private const string Root = "spec.validation.openAPIV3Schema";

    [Theory]
    [InlineData("""{"type":"object","properties":{"spec":{}}}""", Root + ".properties[spec].type: Required value: must not be empty for specified object fields")]
    [InlineData("""{"properties":{}}""", Root + ".type: Required value: must not be empty at the root")]
    [InlineData("""{"type":"string"}""", Root + ".type: Invalid value: \"string\": must be object at the root")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}}}""", Root + ".properties[a].items: Required value: must be specified")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{}}}}""", Root + ".properties[a].items.type: Required value: must not be empty for specified array items")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", Root + ".additionalProperties: Forbidden: must not be used at the root")]
    [InlineData("""{"type":"object","nullable":true}""", Root + ".nullable: Forbidden: nullable cannot be true at the root")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"int"}}}""", Root + ".properties[a].type: Unsupported value: \"int\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","anyOf":[{"type":"object"}]}}}""", Root + ".properties[a].anyOf[0].type: Forbidden: must be empty to be structural")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","anyOf":[{"properties":{"b":{"pattern":"x"}}}]}}}""", Root + ".properties[a].properties[b]: Required value: because it is defined in " + Root + ".properties[a].anyOf[0].properties[b]")]
    [InlineData("""{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}""", Root + ".properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","pattern":"a("}}}""", Root + ".properties[a].pattern: Invalid value: \"a(\": must be a valid regular expression, but isn't: ")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","uniqueItems":true}}}""", Root + ".properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}},"additionalProperties":{"type":"string"}}}}""", Root + ".properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","x-kubernetes-preserve-unknown-fields":false}}}""", Root + ".properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-kubernetes-list-type":"set"}}}""", Root + ".properties[a].type: Invalid value: \"string\": must be array if x-kubernetes-list-type is specified")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"]}}}""", Root + ".properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"map"}}}""", Root + ".properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"set"}}}""", Root + ".properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set")]
    [InlineData("""{"type":"object","properties":{"a":{"x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}}""", Root + ".properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer","default":"x"}}}""", Root + ".properties[a].default: Invalid value: \"string\":  in body must be of type integer: \"string\"")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","default":{"b":1}}}}""", Root + ".properties[a].default: Invalid value: {\"b\":1}: must not have unknown fields")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","x-kubernetes-validations":[{"rule":"true"}]}}}""", Root + ".properties[a].x-kubernetes-validations: Forbidden: validation rules (CEL) are not supported by this server")]
    [InlineData("""{"type":"object","properties":{"kind":{"type":"string","default":"x"}}}""", Root + ".properties[kind].default: Forbidden: must not be set in top-level kind")]
    public void Schema_BreaksARule_IsToldInUpstreamsWords(string schema, string fault) =>
        Assert.Contains(Faults(Definitions.CronTab("a.example.com", schema)), found => found.StartsWith(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"type":"object","x-kubernetes-preserve-unknown-fields":true}""")]
    [InlineData("""{"type":"object","properties":{"a":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}],"pattern":"^[0-9]+%?$"}}}""")]
    [InlineData("""{"type":"object","properties":{"metadata":{"type":"object","properties":{"name":{"type":"string","maxLength":10}}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string","default":"x"}},"default":{}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"]}}}""")]
    public void Schema_KeepsTheRules_IsAccepted(string schema) => Assert.Empty(Faults(Definitions.CronTab("a.example.com", schema)));

    [Theory]
    [InlineData("group", "\"example\"", "spec.group: Invalid value: \"example\": should be a domain with at least one dot")]
    [InlineData("scope", "\"Global\"", "spec.scope: Unsupported value: \"Global\": supported values: \"Cluster\", \"Namespaced\"")]
    [InlineData("conversion", """{"strategy":"Webhook"}""", "spec.conversion.strategy: Invalid value: \"Webhook\": conversion webhooks are not supported by this server; only None is")]
    [InlineData("preserveUnknownFields", "true", "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")]
    [InlineData("names", """{"plural":"crontabs","kind":"Cron_Tab"}""", "spec.names.kind: Invalid value: \"Cron_Tab\": may have mixed case, but should otherwise match: a DNS-1035 label")]
    [InlineData("names", """{"plural":"crontabs","kind":"A","listKind":"A"}""", "spec.names.listKind: Invalid value: \"A\": kind and listKind may not be the same")]
    [InlineData("names", """{"plural":"others","kind":"A"}""", "metadata.name: Invalid value: \"crontabs.a.example.com\": must be spec.names.plural+\".\"+spec.group")]
    public void Spec_BreaksARule_IsToldInUpstreamsWords(string field, string value, string fault)
    {
        var definition = Definitions.CronTab("a.example.com");
        definition["spec"]![field] = JsonNode.Parse(value);

        Assert.Contains(Faults(definition), found => found.StartsWith(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("storage", "false", "must have exactly one version marked as storage version")]
    [InlineData("name", "\"V1\"", "spec.versions[0].name: Invalid value: \"V1\": a DNS-1035 label")]
    [InlineData("schema", "null", "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required")]
    [InlineData("deprecationWarning", "\"x\"", "spec.versions[0].deprecationWarning: Invalid value: \"x\": can only be set for deprecated versions")]
    [InlineData("additionalPrinterColumns", """[{"name":"a","type":"float","jsonPath":".a"}]""", "spec.additionalPrinterColumns[0].type: Invalid value: \"float\": must be one of boolean,date,integer,number,string")]
    [InlineData("additionalPrinterColumns", """[{"name":"a","type":"string","jsonPath":"a"}]""", "spec.additionalPrinterColumns[0].JSONPath: Invalid value: \"a\": must be a simple json path starting with .")]
    [InlineData("subresources", """{"scale":{"specReplicasPath":".x.y","statusReplicasPath":".status.r"}}""", "spec.subresources.scale.specReplicasPath: Invalid value: \".x.y\": should be a json path under .spec")]
    [InlineData("subresources", """{"scale":{"specReplicasPath":".spec.y"}}""", "spec.subresources.scale.statusReplicasPath: Required value")]
    [InlineData("selectableFields", """[{"jsonPath":".spec"}]""", "spec.selectableFields[0].jsonPath: Invalid value: \".spec\": must point to a field of type string, boolean or integer.")]
    [InlineData("selectableFields", """[{"jsonPath":".spec.none"}]""", "spec.selectableFields[0].jsonPath: Invalid value: \".spec.none\": is an invalid path: does not refer to a valid field")]
    public void Version_BreaksARule_IsToldInUpstreamsWords(string field, string value, string fault)
    {
        var definition = Definitions.CronTab("a.example.com");
        definition["spec"]!["versions"]![0]![field] = JsonNode.Parse(value);

        Assert.Contains(Faults(definition), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "must not be an empty string")]
    [InlineData("ä\u200b", "must only contain printable UTF-8 characters; non-printable character found at index 2")]
    public void Version_WarningOfADeprecatedOne_IsPrintable(string warning, string fault)
    {
        var definition = Definitions.CronTab("a.example.com");
        var version = definition["spec"]!["versions"]![0]!;
        version["deprecated"] = true;
        version["deprecationWarning"] = warning;

        Assert.Contains(Faults(definition), found => found.EndsWith(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Update_EstablishedDefinition_KeepsNamesScopeAndStoredVersions()
    {
        var old = Definitions.CronTab("a.example.com");
        old["status"] = Definitions.Parse("""{"storedVersions":["v1beta1","v1"],"conditions":[{"type":"Established","status":"True"}]}""");
        var changed = (JsonObject)old.DeepClone();
        changed["spec"]!["scope"] = "Cluster";
        changed["spec"]!["names"]!["kind"] = "Other";

        var faults = Strategies.Of("customresourcedefinitions").ValidateUpdate(changed, old).Select(fault => fault.ToString()).ToList();

        Assert.Contains("spec.scope: Invalid value: \"Cluster\": field is immutable", faults);
        Assert.Contains("spec.names.kind: Invalid value: \"Other\": field is immutable", faults);
        Assert.Contains(faults, fault => fault.StartsWith("status.storedVersions[0]: Invalid value: \"v1beta1\": missing from spec.versions; v1beta1 was", StringComparison.Ordinal));
    }

    [Fact]
    public void ProtectedGroup_WithoutApproval_IsRefused() => Assert.Contains(
        Faults(Definitions.CronTab("batch.k8s.io")),
        fault => fault.StartsWith("metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation", StringComparison.Ordinal));

    private static List<string> Faults(JsonObject definition)
    {
        Strategies.Of("customresourcedefinitions").ApplyDefaults(definition);
        return [.. Strategies.Of("customresourcedefinitions").Validate(definition).Select(fault => fault.ToString())];
    }
}
