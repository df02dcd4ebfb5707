using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization.Nodes;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Reviews;

/// <summary>What may I do in a namespace? (<c>kubectl auth can-i --list</c>)</summary>
internal sealed class RulesReview(IReadOnlyList<string> modes, RbacPolicySource policy) : IReview
{
    public string Kind => "SelfSubjectRulesReview";

    public ValueTask<JsonObject> AnswerAsync(ApiRequest request, JsonObject review)
    {
        if (review.StringAt("spec", "namespace") is not { Length: > 0 } ns)
        {
            throw StatusException.BadRequest("no namespace on request");
        }

        var rules = new List<PolicyRule>();
        var errors = new List<string>();
        if (modes.Contains("Node") && NodeIdentity.IsNode(request.User, out _))
        {
            errors.Add("node authorizer does not support user rule resolution");
        }

        if (modes.Contains("RBAC"))
        {
            var (found, missing) = policy.Current.RulesOf(request.User, ns);
            rules.AddRange(found);
            errors.AddRange(missing);
        }

        if (modes.Contains("AlwaysAllow"))
        {
            rules.AddRange(PolicyRule.FullAuthority);
        }

        return ValueTask.FromResult(Status(rules, errors));
    }

    private static JsonObject Status(List<PolicyRule> rules, List<string> errors)
    {
        var status = new JsonObject
        {
            ["resourceRules"] = Rules(rules.Where(rule => rule.Resources.Count > 0)),
            ["nonResourceRules"] = Rules(rules.Where(rule => rule.NonResourceUrls.Count > 0)),
            ["incomplete"] = errors.Count > 0,
        };
        if (errors.Count > 0)
        {
            status["evaluationError"] = errors is [var only] ? only : $"[{string.Join(", ", errors)}]";
        }

        return status;
    }

    private static JsonArray Rules(IEnumerable<PolicyRule> rules) => new([.. rules.Select(rule => rule.ToJson())]);
}
