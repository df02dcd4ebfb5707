using System.Text.Json.Nodes;

using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Reviews;

/// <summary>Who am I? (<c>kubectl auth whoami</c>)</summary>
internal sealed class SelfSubjectReview : IReview
{
    public string Kind => "SelfSubjectReview";

    public ValueTask<JsonObject> AnswerAsync(ApiRequest request, JsonObject review) =>
        ValueTask.FromResult(new JsonObject { ["userInfo"] = request.User.ToJson() });
}
