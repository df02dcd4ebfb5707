namespace MiniKube.Api.Meta;

/// <summary>Names a collection of the API, such as <c>apps/v1 deployments</c>. The core group is the empty string.</summary>
public readonly record struct GroupVersionResource(string Group, string Version, string Resource)
{
    /// <summary>The form that messages use: <c>pods</c> or <c>deployments.apps</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    public override string ToString() => Group.Length == 0 ? $"{Version}/{Resource}" : $"{Group}/{Version}/{Resource}";
}
