namespace MiniKube.Api.Meta;

/// <summary>Identifies an object within its kind. Cluster-scoped objects have an empty namespace.</summary>
public readonly record struct NamespacedName(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
