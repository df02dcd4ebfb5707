using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Makes one operation of a path.</summary>
internal sealed class OperationBuilder(OpenApiFlavour flavour)
{
    private static readonly string[] MediaTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

    private static readonly string[] StreamTypes = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"];

    private static readonly string[] PatchTypes =
    [
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml",
    ];

    // kubectl sends what it finds here: a custom resource knows no strategic merge, and has no protobuf form.
    private static readonly string[] CustomMediaTypes = ["application/json", "application/yaml"];
    private static readonly string[] CustomPatchTypes = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

    private static readonly string[] AnyType = ["*/*"];

    public JsonObject Build(OpenApiOperation operation)
    {
        var json = new JsonObject { ["description"] = operation.Description, ["operationId"] = operation.Id };
        var parameters = new JsonArray([.. operation.Parameters.Select(parameter => parameter.ToJson(flavour))]);
        var bodyTypes = operation.Action == "patch" ? IsCustom(operation) ? CustomPatchTypes : PatchTypes : AnyType;
        if (flavour == OpenApiFlavour.V2)
        {
            json["consumes"] = Strings(bodyTypes);
            json["produces"] = Strings(AnswerTypes(operation));
            json["schemes"] = Strings("https");
            if (operation.Body is { } body)
            {
                parameters.Insert(0, new JsonObject { ["in"] = "body", ["name"] = "body", ["required"] = operation.BodyRequired, ["schema"] = body.DeepClone() });
            }
        }
        else if (operation.Body is { } body)
        {
            json["requestBody"] = new JsonObject { ["content"] = Content(bodyTypes, body), ["required"] = operation.BodyRequired };
        }

        if (parameters.Count > 0)
        {
            json["parameters"] = parameters;
        }

        json["responses"] = Responses(operation);
        json["tags"] = Strings(operation.Tag);
        if (operation.Action.Length > 0)
        {
            json["x-kubernetes-action"] = operation.Action;
            json["x-kubernetes-group-version-kind"] = KindOf(operation.Kind);
        }

        return json;
    }

    public static JsonObject KindOf(GroupVersionKind kind) => new() { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version };

    private static bool IsCustom(OpenApiOperation operation) => operation.Action.Length > 0 && TypeGraph.BuiltIn.Find(operation.Kind) is null;

    private static IEnumerable<string> AnswerTypes(OpenApiOperation operation) => operation switch
    {
        { MediaTypes: { Count: > 0 } types } => types,
        { Action: "connect" } => AnyType,
        _ when IsCustom(operation) => CustomMediaTypes,
        { Action: "list" or "watch" or "watchlist" } => MediaTypes.Concat(StreamTypes),
        _ => MediaTypes,
    };

    private JsonObject Responses(OpenApiOperation operation)
    {
        var responses = new JsonObject();
        foreach (var (code, description) in operation.Successes)
        {
            var response = new JsonObject { ["description"] = description };
            if (flavour == OpenApiFlavour.V2)
            {
                response["schema"] = operation.Answer.DeepClone();
            }
            else
            {
                response["content"] = Content(AnswerTypes(operation), operation.Answer);
            }

            responses[code] = response;
        }

        responses["401"] = new JsonObject { ["description"] = "Unauthorized" };
        return responses;
    }

    private static JsonObject Content(IEnumerable<string> mediaTypes, JsonObject schema) => new(
        mediaTypes.Select(mediaType => KeyValuePair.Create(mediaType, (JsonNode?)new JsonObject { ["schema"] = schema.DeepClone() })));

    private static JsonArray Strings(params IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
