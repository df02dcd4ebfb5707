using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Reviews;

/// <summary>Whom does this token stand for?</summary>
internal sealed class TokenReview(TokenAuthenticators tokens) : IReview
{
    public string Kind => "TokenReview";

    public async ValueTask<JsonObject> AnswerAsync(ApiRequest request, JsonObject review)
    {
        if (review.StringAt("spec", "token") is not { Length: > 0 } token)
        {
            throw StatusException.BadRequest("token is required for TokenReview in authentication");
        }

        var asked = review.At("spec", "audiences") is JsonArray { Count: > 0 } given ? [.. given.Select(audience => audience?.ToString() ?? "")] : tokens.ApiAudiences;
        try
        {
            var identity = await tokens.AuthenticateAsync(token, asked, request.Cancellation);
            return new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = identity.User.ToJson(),
                ["audiences"] = new JsonArray([.. identity.Audiences.Select(audience => JsonValue.Create(audience))]),
            };
        }
        catch (TokenException error)
        {
            return new JsonObject { ["user"] = new JsonObject(), ["error"] = error.Message };
        }
    }
}
