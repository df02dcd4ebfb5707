using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Authentication;

/// <summary>Who sends a request.</summary>
/// <param name="Name">Such as <c>system:node:node1</c> or <c>system:serviceaccount:default:default</c>.</param>
/// <param name="Groups">Always with <c>system:authenticated</c> or <c>system:unauthenticated</c>.</param>
/// <param name="Uid">Empty when the method of authentication knows none.</param>
/// <param name="Extra">More about the user, as TokenReview and SelfSubjectReview show it.</param>
internal sealed record UserInfo(string Name, IReadOnlyList<string> Groups, string Uid, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra)
{
    public const string AuthenticatedGroup = "system:authenticated";

    public const string UnauthenticatedGroup = "system:unauthenticated";

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoExtra = new Dictionary<string, IReadOnlyList<string>>();

    public UserInfo(string name, IReadOnlyList<string> groups)
        : this(name, groups, "", NoExtra)
    {
    }

    public static UserInfo Anonymous { get; } = new("system:anonymous", [UnauthenticatedGroup]);

    public bool IsAnonymous => Name == Anonymous.Name;

    /// <summary>As reviews show it; what is empty is left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0)
        {
            json["uid"] = Uid;
        }

        json["groups"] = Texts(Groups);
        if (Extra.Count > 0)
        {
            json["extra"] = new JsonObject(Extra.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Texts(entry.Value))));
        }

        return json;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
