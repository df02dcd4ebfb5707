using System.Reflection;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client;

/// <summary>What is asked of any object: its key, its owners, a reference to it.</summary>
public static class ObjectExtensions
{
    public static NamespacedName Key(this IKubernetesObject<V1ObjectMeta> obj) =>
        new(obj.Metadata?.NamespaceProperty ?? "", obj.Metadata?.Name ?? "");

    /// <summary>The one owner that manages this object; null when it is managed by nobody.</summary>
    public static V1OwnerReference? ControllerReference(this IKubernetesObject<V1ObjectMeta> obj)
    {
        if (obj.Metadata?.OwnerReferences is not { } owners)
        {
            return null;
        }

        for (var i = 0; i < owners.Count; i++)
        {
            if (owners[i].Controller == true)
            {
                return owners[i];
            }
        }

        return null;
    }

    /// <summary>A reference that makes this object the managing owner of another: its deletion waits for the other's in the foreground.</summary>
    public static V1OwnerReference ToControllerReference<T>(this T owner)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var kind = KindOf(owner.GetType());
        return new V1OwnerReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Name = owner.Metadata?.Name,
            Uid = owner.Metadata?.Uid,
            Controller = true,
            BlockOwnerDeletion = true,
        };
    }

    /// <summary>A reference as Events carry it.</summary>
    public static V1ObjectReference ToReference(this IKubernetesObject<V1ObjectMeta> obj, string fieldPath = "")
    {
        // Items of a list carry neither kind nor apiVersion; the model knows them.
        var kind = string.IsNullOrEmpty(obj.Kind) ? KindOf(obj.GetType()) : GroupVersionKind.Parse(obj.ApiVersion, obj.Kind);
        return new V1ObjectReference
        {
            ApiVersion = kind.ApiVersion,
            Kind = kind.Kind,
            Name = obj.Metadata?.Name,
            NamespaceProperty = string.IsNullOrEmpty(obj.Metadata?.NamespaceProperty) ? null : obj.Metadata.NamespaceProperty,
            Uid = obj.Metadata?.Uid,
            ResourceVersion = obj.Metadata?.ResourceVersion,
            FieldPath = fieldPath.Length == 0 ? null : fieldPath,
        };
    }

    /// <summary>The kind that a model's <c>[KubernetesEntity]</c> names.</summary>
    public static GroupVersionKind KindOf(Type model)
    {
        var entity = model.GetCustomAttribute<KubernetesEntityAttribute>() ?? throw new ArgumentException($"{model} has no [KubernetesEntity].");
        return new GroupVersionKind(entity.Group ?? "", entity.ApiVersion, entity.Kind);
    }
}
