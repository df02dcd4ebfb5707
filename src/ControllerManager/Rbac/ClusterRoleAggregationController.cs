using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Rbac;

/// <summary>Gives a ClusterRole with an aggregationRule the rules of all roles that its selectors choose: so admin, edit and view grow with what is installed.</summary>
internal sealed class ClusterRoleAggregationController(IObjectClient client, ILister<V1ClusterRole> roles) : IController
{
    public string Name => "clusterrole-aggregation-controller";

    // A role may be chosen by any of them, and was perhaps before its labels changed.
    public void Configure(ControllerBuilder controller) => controller.Watches<V1ClusterRole>(_ => roles.List().Where(IsAggregated).Select(role => role.Key()));

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!roles.TryGet(key, out var role) || !IsAggregated(role))
        {
            return ReconcileResult.Done;
        }

        var rules = Gather(role, roles.List());
        if (!rules.Select(Text).SequenceEqual((role.Rules ?? []).Select(Text), StringComparer.Ordinal))
        {
            await client.UpdateAsync(role with { Rules = rules }, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    /// <summary>The rules of the chosen roles, by the order of selectors and then of names, each once.</summary>
    internal static List<V1PolicyRule> Gather(V1ClusterRole role, IReadOnlyList<V1ClusterRole> all)
    {
        var selectors = (role.AggregationRule?.ClusterRoleSelectors ?? []).Select(LabelSelector.From).ToList();
        return
        [
            .. from selector in selectors
               from source in all.OrderBy(other => other.Metadata.Name, StringComparer.Ordinal)
               where source.Metadata.Name != role.Metadata.Name && selector.Matches(source.Metadata.Labels?.AsReadOnly())
               from rule in source.Rules ?? []
               group rule by Text(rule) into same
               select same.First(),
        ];
    }

    private static bool IsAggregated(V1ClusterRole role) => role.AggregationRule is not null;

    private static string Text(V1PolicyRule rule) => KubernetesJson.Serialize(rule);
}
