namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>The rules that one subject of one binding gets.</summary>
/// <param name="Rules">Of the role; empty when there is no such role.</param>
/// <param name="Error">Why there are no rules, in upstream's words; empty when there are.</param>
/// <param name="Origin">Which binding gives which role to whom, for the reason of an answer.</param>
internal sealed record Grant(IReadOnlyList<PolicyRule> Rules, string Error, string Origin);
