using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Reviews;

/// <summary>May somebody do that? One's self (<c>kubectl auth can-i</c>), or the user that the question names.</summary>
internal sealed class AccessReview(string kind, bool isAboutSelf, IAuthorizer authorizer) : IReview
{
    public string Kind => kind;

    public static IEnumerable<IReview> All(IAuthorizer authorizer) =>
    [
        new AccessReview("SelfSubjectAccessReview", true, authorizer),
        new AccessReview("SubjectAccessReview", false, authorizer),
        new AccessReview("LocalSubjectAccessReview", false, authorizer),
    ];

    public async ValueTask<JsonObject> AnswerAsync(ApiRequest request, JsonObject review)
    {
        var user = isAboutSelf ? request.User : UserOf(review);
        var question = review.ObjectAt("spec", "resourceAttributes") is { } resource
            ? Question(resource)
            : new RequestInfo { Path = review.StringAt("spec", "nonResourceAttributes", "path") ?? "", Verb = review.StringAt("spec", "nonResourceAttributes", "verb") ?? "" };
        var decision = await authorizer.AuthorizeAsync(user, question, request.Cancellation);
        var status = new JsonObject { ["allowed"] = decision.IsAllowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return status;
    }

    private static UserInfo UserOf(JsonObject review)
    {
        var extra = (review.ObjectAt("spec", "extra") ?? []).ToDictionary(
            entry => entry.Key.ToLowerInvariant(), entry => (IReadOnlyList<string>)Texts(entry.Value), StringComparer.Ordinal);
        return new UserInfo(review.StringAt("spec", "user") ?? "", Texts(review.At("spec", "groups")), review.StringAt("spec", "uid") ?? "", extra);
    }

    private static RequestInfo Question(JsonObject resource)
    {
        string Text(string field) => resource.StringAt(field) ?? "";
        return new RequestInfo
        {
            Path = "",
            IsResourceRequest = true,
            Verb = Text("verb"),
            Group = Text("group"),
            Version = Text("version"),
            Namespace = Text("namespace"),
            Resource = Text("resource"),
            Subresource = Text("subresource"),
            Name = Text("name"),
            FieldSelector = SelectorOf(resource.ObjectAt("fieldSelector")),
        };
    }

    /// <summary>What cannot be read narrows nothing down: then the question is about all objects.</summary>
    private static FieldSelector SelectorOf(JsonObject? selector)
    {
        if (selector.ObjectsAt("requirements").FirstOrDefault(requirement => requirement.StringAt("operator") == "In" && Texts(requirement["values"]).Length == 1) is { } exact)
        {
            return FieldSelector.FromEquals(exact.StringAt("key") ?? "", Texts(exact["values"])[0]);
        }

        try
        {
            return FieldSelector.Parse(selector.StringAt("rawSelector"));
        }
        catch (StatusException)
        {
            return FieldSelector.Everything;
        }
    }

    private static string[] Texts(JsonNode? list) => list is JsonArray values ? [.. values.Select(value => value?.ToString() ?? "")] : [];
}
