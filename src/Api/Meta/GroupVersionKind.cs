namespace MiniKube.Api.Meta;

/// <summary>Names a type of the API. The core group is the empty string.</summary>
public readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    /// <summary>What stands in an object's <c>apiVersion</c>: <c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static GroupVersionKind Parse(string? apiVersion, string? kind)
    {
        var slash = apiVersion?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash < 0
            ? new GroupVersionKind("", apiVersion ?? "", kind ?? "")
            : new GroupVersionKind(apiVersion![..slash], apiVersion[(slash + 1)..], kind ?? "");
    }

    /// <summary>Upstream's text form in messages: <c>apps/v1, Kind=Deployment</c>.</summary>
    public override string ToString() => $"{ApiVersion}, Kind={Kind}";
}
