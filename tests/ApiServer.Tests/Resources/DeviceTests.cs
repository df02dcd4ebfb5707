namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>The kinds of resource.k8s.io, in upstream's words.</summary>
public sealed class DeviceTests
{
    private const string Request = """{"name":"r","exactly":{"deviceClassName":"c","allocationMode":"ExactCount","count":1}}""";
    private const string Pool = "\"driver\":\"d\",\"pool\":{\"name\":\"p\",\"resourceSliceCount\":1}";

    [Theory]
    [InlineData(Request, "")]
    [InlineData(Request + "," + Request, "requests[1].name: Duplicate value: \"r\"")]
    [InlineData("""{"name":"r"}""", "requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required")]
    [InlineData("""{"name":"r","exactly":{"allocationMode":"ExactCount","count":0}}""", "requests[0].exactly.deviceClassName: Required value\nrequests[0].exactly.count: Invalid value: 0: must be greater than zero")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","allocationMode":"All","count":2}}""", "requests[0].exactly.count: Invalid value: 2: a non-zero count is not valid for allocationMode=All")]
    [InlineData("""{"name":"r","exactly":{"deviceClassName":"c","allocationMode":"Some"}}""", "requests[0].exactly.allocationMode: Unsupported value: \"Some\": supported values: \"All\", \"ExactCount\"")]
    public void Claim_Requests_GiveUpstreamsText(string requests, string faults) => Assert.Equal(
        faults,
        Strategies.Faults("resourceclaims", """{"spec":{"devices":{"requests":[""" + requests + "]}}}").Replace("spec.devices.", "", StringComparison.Ordinal));

    [Fact]
    public void Claim_Constraint_NamesARequestAndAnAttribute() => Assert.Equal(
        "spec.devices.constraints[0].requests[0]: Invalid value: \"other\": must be the name of a request in the claim\nspec.devices.constraints[0].matchAttribute: Invalid value: \"numa\": must include a domain",
        Strategies.Faults("resourceclaims", """{"spec":{"devices":{"requests":[""" + Request + """],"constraints":[{"requests":["other"],"matchAttribute":"numa"}]}}}"""));

    [Fact]
    public void Claim_Spec_IsImmutable() => Assert.Contains(
        ": field is immutable",
        Strategies.UpdateFaults("resourceclaims", """{"spec":{"devices":{"requests":[""" + Request + "]}}}", """{"spec":{}}"""),
        StringComparison.Ordinal);

    [Fact]
    public void Claim_ReservedWithoutAllocation_IsForbidden() => Assert.Equal(
        "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
        Strategies.StatusFaults("resourceclaims", """{"spec":{}}""", """{"spec":{},"status":{"reservedFor":[{"resource":"pods","name":"p","uid":"1"}]}}"""));

    [Theory]
    [InlineData("{" + Pool + ",\"nodeName\":\"n\"}", "")]
    [InlineData("{" + Pool + "}", "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required")]
    [InlineData("{" + Pool + ",\"nodeName\":\"n\",\"allNodes\":true}", "spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set")]
    [InlineData("{" + Pool + ",\"allNodes\":true,\"devices\":[{\"name\":\"a\",\"attributes\":{\"x\":{}}},{\"name\":\"a\"}]}", "spec.devices[0].attributes[x]: Required value: exactly one value must be specified\nspec.devices[1].name: Duplicate value: \"a\"")]
    [InlineData("{" + Pool + ",\"allNodes\":true,\"devices\":[{\"name\":\"a\",\"attributes\":{\"x\":{\"version\":\"1\"}}}]}", "spec.devices[0].attributes[x].version: Invalid value: \"1\": must be a string compatible with semver.org spec 2.0.0")]
    public void Slice_Table_GivesUpstreamsText(string spec, string faults) => Assert.Equal(faults, Strategies.Faults("resourceslices", "{\"spec\":" + spec + "}"));

    [Fact]
    public void Class_Table_GivesUpstreamsText() => Assert.Equal(
        "spec.selectors[0].cel: Required value\nspec.config[0].opaque: Required value",
        Strategies.Faults("deviceclasses", """{"spec":{"selectors":[{}],"config":[{}]}}"""));
}
