using System.Text.Json.Nodes;

using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Reviews;

/// <summary>Answers one kind of question to the server.</summary>
internal interface IReview
{
    /// <summary>The kind of the question; all are of v1.</summary>
    string Kind { get; }

    /// <summary>The status of the valid question.</summary>
    ValueTask<JsonObject> AnswerAsync(ApiRequest request, JsonObject review);
}
