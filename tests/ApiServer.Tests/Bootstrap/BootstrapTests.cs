using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Bootstrap;
using MiniKube.ApiServer.Resources.FlowControl;
using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests.Bootstrap;

/// <summary>What there is before anybody has written anything.</summary>
[Collection(ServerCollection.Name)]
public sealed class BootstrapTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("/api/v1/namespaces", "default,kube-node-lease,kube-public,kube-system")]
    [InlineData("/api/v1/namespaces/default/services", "kubernetes")]
    [InlineData("/api/v1/namespaces/default/endpoints", "kubernetes")]
    [InlineData("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", "kubernetes")]
    [InlineData("/api/v1/namespaces/kube-system/configmaps", "extension-apiserver-authentication,kube-apiserver-legacy-service-account-token-tracking")]
    [InlineData("/apis/networking.k8s.io/v1/servicecidrs", "kubernetes")]
    [InlineData("/apis/scheduling.k8s.io/v1/priorityclasses", "system-cluster-critical,system-node-critical")]
    [InlineData("/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations", "catch-all,exempt,global-default,leader-election,node-high,system,workload-high,workload-low")]
    [InlineData("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", "catch-all,endpoint-controller,exempt,global-default,kube-controller-manager,kube-scheduler,kube-system-service-accounts,probes,service-accounts,system-leader-election,system-node-high,system-nodes,workload-leader-election")]
    public async Task Objects_OfTheSystem_AreThere(string path, string names)
    {
        var client = await fixture.CreateNamespaceAsync();

        var found = (await client.GetAsync(path)).Expect(200).Names;

        Assert.Empty(names.Split(',').Except(found));
    }

    [Fact]
    public async Task ServiceCidr_OfTheServer_IsReady()
    {
        var client = await fixture.CreateNamespaceAsync();

        var cidr = (await client.GetAsync("/apis/networking.k8s.io/v1/servicecidrs/kubernetes")).Expect(200).Json;

        Assert.Equal("""["10.96.0.0/12"]""", cidr.At("spec", "cidrs")?.ToJsonString());
        var ready = cidr.ObjectsAt("status", "conditions").Single();
        Assert.Equal(("Ready", "True"), (ready.StringAt("type"), ready.StringAt("status")));
    }

    [Fact]
    public async Task FlowSchema_OfTheServer_KnowsItsLevel()
    {
        var client = await fixture.CreateNamespaceAsync();

        var schema = (await client.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/probes")).Expect(200).Json;

        var dangling = schema.ObjectsAt("status", "conditions").Single();
        Assert.Equal(("Dangling", "False", "Found"), (dangling.StringAt("type"), dangling.StringAt("status"), dangling.StringAt("reason")));
        Assert.Equal("This FlowSchema references the PriorityLevelConfiguration object named \"exempt\" and it exists", dangling.StringAt("message"));
    }

    [Fact]
    public async Task IdentityLease_OfTheServer_IsHeldForAnHour()
    {
        var client = await fixture.CreateNamespaceAsync();
        const string Path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?labelSelector=apiserver.kubernetes.io/identity%3Dkube-apiserver";

        var lease = (await client.GetAsync(Path)).Expect(200).Json.ObjectsAt("items").Single();

        Assert.Equal(3600, lease.IntegerAt("spec", "leaseDurationSeconds"));
        Assert.StartsWith($"{lease.StringAt("metadata", "name")}_", lease.StringAt("spec", "holderIdentity"));
        Assert.NotNull(lease.StringAt("spec", "renewTime"));
        Assert.Equal(Environment.MachineName, lease.StringAt("metadata", "labels", "kubernetes.io/hostname"));
    }

    // The name is what Go's sha256 and base32 make of the host's.
    [Fact]
    public void IdentityLease_Name_IsUpstreams() => Assert.Equal("apiserver-gwlrxzxjxmbevckvql7a4qxaja", IdentityLease.NameOf("node-1"));

    [Fact]
    public async Task ExtensionAuthentication_NamesTheClientAuthority()
    {
        var client = await fixture.CreateNamespaceAsync();

        var map = (await client.GetAsync("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")).Expect(200).Json;

        Assert.StartsWith("-----BEGIN CERTIFICATE-----", map.StringAt("data", "client-ca-file"));
    }

    [Fact]
    public void FlowControl_Defaults_AreWhatDefaultingMakesOfThem()
    {
        var all = FlowControlDefaults.MandatoryFlowSchemas.Concat(FlowControlDefaults.SuggestedFlowSchemas).Select(one => ("flowschemas", one))
            .Concat(FlowControlDefaults.MandatoryPriorityLevels.Concat(FlowControlDefaults.SuggestedPriorityLevels).Select(one => ("prioritylevelconfigurations", one)));
        foreach (var (resource, (name, spec)) in all)
        {
            var obj = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec.DeepClone() };
            Strategies.Of(resource).ApplyDefaults(obj);

            Assert.True(JsonNode.DeepEquals(spec, obj["spec"]), $"{name}: {obj["spec"]}");
        }
    }
}
