using k8s.Models;

using MiniKube.ControllerManager.Rbac;

namespace MiniKube.ControllerManager.Tests.Rbac;

public sealed class AggregationTests
{
    [Fact]
    public async Task View_GrowsAndShrinksWithTheRolesOfItsLabel()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.EventuallyAsync<V1ClusterRole>("admin", role => role?.Rules?.Any(rule => rule.Resources?.Contains("pods") == true) == true, "");
        var metadata = new V1ObjectMeta { Name = "widgets", Labels = new Dictionary<string, string> { ["rbac.authorization.k8s.io/aggregate-to-view"] = "true" } };
        await cluster.CreateAsync(new V1ClusterRole
        {
            ApiVersion = "rbac.authorization.k8s.io/v1",
            Kind = "ClusterRole",
            Metadata = metadata,
            Rules = [new V1PolicyRule { ApiGroups = ["example.com"], Resources = ["widgets"], Verbs = ["get"] }],
        });

        // Through two steps: view is part of edit, edit of admin.
        await cluster.EventuallyAsync<V1ClusterRole>("admin", HasWidgets, "");
        await cluster.PatchAsync<V1ClusterRole>("widgets", """{"metadata":{"labels":null}}""", ns: "");
        await cluster.EventuallyAsync<V1ClusterRole>("admin", role => !HasWidgets(role), "");
    }

    [Fact]
    public void Rules_AreInOrderOfNames_EachOnce_WithoutTheRolesOwn()
    {
        var target = Role("b", "own") with
        {
            AggregationRule = new V1AggregationRule { ClusterRoleSelectors = [new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["x"] = "y" } }] },
        };

        var rules = ClusterRoleAggregationController.Gather(target, [target, Role("c", "one", "two"), Role("a", "two", "three"), Role("d", "four") with { Metadata = new V1ObjectMeta { Name = "d" } }]);

        Assert.Equal(["two", "three", "one"], rules.Select(rule => rule.Resources[0]));
    }

    private static bool HasWidgets(V1ClusterRole? role) => role?.Rules?.Any(rule => rule.Resources?.Contains("widgets") == true) == true;

    private static V1ClusterRole Role(string name, params string[] resources) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["x"] = "y" } },
        Rules = [.. resources.Select(resource => new V1PolicyRule { Resources = [resource], ApiGroups = [""], Verbs = ["get"] })],
    };
}
