using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Bootstrap;

namespace MiniKube.ApiServer.Tests.Authorization;

/// <summary>Upstream's roles and bindings, and how they are kept.</summary>
public sealed class BootstrapTests
{
    private static readonly List<JsonObject> Objects = [.. BootstrapPolicy.Objects()];

    [Fact]
    public void Policy_EveryObject_IsMarkedAsUpstreams() => Assert.All(Objects, obj =>
    {
        Assert.Equal("rbac-defaults", obj.StringAt("metadata", "labels", "kubernetes.io/bootstrapping"));
        Assert.Equal("true", obj.StringAt("metadata", "annotations", "rbac.authorization.kubernetes.io/autoupdate"));
    });

    [Fact]
    public void Policy_EveryBinding_IsToARoleThatIsThere()
    {
        var roles = Objects.Where(obj => obj.StringAt("kind") is "Role" or "ClusterRole")
            .Select(role => $"{role.StringAt("kind")} {role.StringAt("metadata", "namespace")}/{role.StringAt("metadata", "name")}").ToHashSet();
        Assert.All(Objects.Where(obj => obj["roleRef"] is not null), binding => Assert.Contains(
            $"{binding.StringAt("roleRef", "kind")} {(binding.StringAt("roleRef", "kind") == "Role" ? binding.StringAt("metadata", "namespace") : "")}/{binding.StringAt("roleRef", "name")}", roles));
    }

    [Fact]
    public void Policy_EveryController_HasARoleAndItsAccountIsBoundToIt()
    {
        var roles = Objects.Where(obj => obj.StringAt("kind") == "ClusterRole" && NameOf(obj).StartsWith("system:controller:", StringComparison.Ordinal)).ToList();
        Assert.Equal(37, roles.Count);
        Assert.All(roles, role =>
        {
            var subject = Assert.Single(Objects.Single(obj => obj.StringAt("kind") == "ClusterRoleBinding" && NameOf(obj) == NameOf(role)).ObjectsAt("subjects"));
            Assert.Equal(("ServiceAccount", "kube-system", NameOf(role)["system:controller:".Length..]), (subject.StringAt("kind"), subject.StringAt("namespace"), subject.StringAt("name")));
        });
    }

    [Fact]
    public void Complete_WhatIsWhole_IsLeftAlone() => Assert.All(Objects, obj => Assert.Null(RbacBootstrap.Complete((JsonObject)obj.DeepClone(), obj)));

    [Fact]
    public void Complete_GivesBackWhatIsMissing_AndKeepsWhatWasAdded()
    {
        var wanted = Role("""[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]""");
        var current = Role("""[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]},{"verbs":["*"],"apiGroups":["example.com"],"resources":["*"]}]""");
        current["metadata"]!["labels"] = new JsonObject { ["mine"] = "yes" };

        var completed = RbacBootstrap.Complete(current, wanted)!;

        Assert.Equal(
            """[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]},{"verbs":["*"],"apiGroups":["example.com"],"resources":["*"]},{"verbs":["list"],"apiGroups":[""],"resources":["pods"]}]""",
            completed["rules"]!.ToJsonString());
        Assert.Equal("""{"mine":"yes","a":"b"}""", completed["metadata"]!["labels"]!.ToJsonString());
    }

    [Fact]
    public void Complete_WhatWantsToBeLeftAlone_Is()
    {
        var current = Role("[]");
        current["metadata"]!["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "false" };

        Assert.Null(RbacBootstrap.Complete(current, Role("""[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]""")));
    }

    [Theory]
    [InlineData("""{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"resourceNames":["a"]}""", """{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}""", "")]
    [InlineData("""{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}""", """{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"resourceNames":["a"]}""", """{APIGroups:[""], Resources:["pods"], Verbs:["get"]}""")]
    [InlineData("""{"verbs":["get"],"apiGroups":["apps"],"resources":["deployments/scale"]}""", """{"verbs":["*"],"apiGroups":["*"],"resources":["*/scale"]}""", "")]
    [InlineData("""{"verbs":["get"],"apiGroups":["apps"],"resources":["*"]}""", """{"verbs":["get"],"apiGroups":["apps"],"resources":["deployments","replicasets"]}""", """{APIGroups:["apps"], Resources:["*"], Verbs:["get"]}""")]
    [InlineData("""{"verbs":["get"],"nonResourceURLs":["/healthz/etcd"]}""", """{"verbs":["get"],"nonResourceURLs":["/healthz/*"]}""", "")]
    [InlineData("""{"verbs":["get","post"],"nonResourceURLs":["/a"]}""", """{"verbs":["get"],"nonResourceURLs":["/a"]}""", """{NonResourceURLs:["/a"], Verbs:["post"]}""")]
    public void Cover_SaysWhatIsMissing(string wanted, string owned, string missing) => Assert.Equal(
        missing, string.Concat(RuleCover.Compact(RuleCover.Missing([Rule(owned)], [Rule(wanted)]))));

    private static PolicyRule Rule(string json) => PolicyRule.Parse(JsonNode.Parse(json)!.AsObject());

    private static string NameOf(JsonObject obj) => obj.StringAt("metadata", "name") ?? "";

    private static JsonObject Role(string rules) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "r", ["labels"] = new JsonObject { ["a"] = "b" } },
        ["rules"] = JsonNode.Parse(rules),
    };
}
