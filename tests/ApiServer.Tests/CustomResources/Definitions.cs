using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.CustomResources;

/// <summary>Definitions for tests, each test with a group of its own.</summary>
internal static class Definitions
{
    public const string Path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    /// <summary>The CronTab of upstream's documentation.</summary>
    public const string CronTabSchema = """
        {
          "type": "object",
          "properties": {
            "spec": {
              "type": "object",
              "required": ["cronSpec"],
              "properties": {
                "cronSpec": { "type": "string", "pattern": "^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$" },
                "image": { "type": "string", "default": "nginx" },
                "replicas": { "type": "integer", "minimum": 1, "maximum": 10 },
                "color": { "type": "string", "enum": ["red", "blue"] }
              }
            },
            "status": {
              "type": "object",
              "properties": { "replicas": { "type": "integer" }, "labelSelector": { "type": "string" } }
            }
          }
        }
        """;

    public static JsonObject CronTab(string group, string schema = CronTabSchema, string version = "", string spec = "") => Parse($$"""
        {
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
          "metadata": { "name": "crontabs.{{group}}" },
          "spec": {
            "group": "{{group}}", "scope": "Namespaced",
            "names": { "plural": "crontabs", "kind": "CronTab", "shortNames": ["ct"], "categories": ["all"] },
            "versions": [ { "name": "v1", "served": true, "storage": true, "schema": { "openAPIV3Schema": {{schema}} } {{version}} } ]
            {{spec}}
          }
        }
        """);

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    public static async Task<ApiAnswer> DefineAsync(this ApiClient client, JsonObject definition)
    {
        var answer = (await client.SendAsync(HttpMethod.Post, Path, definition.ToJsonString())).Expect(201);
        await client.WaitEstablishedAsync(definition.StringAt("metadata", "name")!);
        return answer;
    }

    public static Task WaitEstablishedAsync(this ApiClient client, string name) =>
        client.WaitAsync($"{Path}/{name}", answer => answer.Status == 200 && HasCondition(answer.Json, "Established", "True"));

    /// <summary>Gets a path until the answer is as wanted.</summary>
    public static Task<ApiAnswer> WaitAsync(this ApiClient client, string path, Func<ApiAnswer, bool> satisfies) => Eventually.GetAsync(
        _ => client.GetAsync(path), satisfies, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    public static bool HasCondition(JsonObject definition, string type, string status) =>
        definition.ObjectsAt("status", "conditions").Any(condition => condition.StringAt("type") == type && condition.StringAt("status") == status);
}
