using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>An object that a token is bound to: with it (that name and that uid) the token ends.</summary>
internal sealed record TokenBinding(string Name, string Uid)
{
    public static TokenBinding? Of(JsonNode? json) =>
        json is JsonObject ? new TokenBinding(json.StringAt("name") ?? "", json.StringAt("uid") ?? "") : null;

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Name };
        if (Uid.Length > 0)
        {
            json["uid"] = Uid;
        }

        return json;
    }
}
