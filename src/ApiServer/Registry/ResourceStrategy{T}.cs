using System.Reflection;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Registry;

/// <summary>A built-in kind. Its names come from <c>[KubernetesEntity]</c>, its fields from the table of types.</summary>
public abstract class ResourceStrategy<T> : ResourceStrategy
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly KubernetesEntityAttribute Entity =
        typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()
        ?? throw new InvalidOperationException($"{typeof(T)} has no [KubernetesEntity].");

    /// <param name="plural">The name in paths, for the few models that do not say it.</param>
    protected ResourceStrategy(string? plural = null)
        : base(new GroupVersionKind(Entity.Group, Entity.ApiVersion, Entity.Kind), plural ?? Entity.PluralName)
    {
    }

    public override ObjectType? Type => TypeGraph.BuiltIn.Find(Kind);

    public override bool HasQualifiedFinalizers => true;
}
