using System.Reflection;
using System.Text;

using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.Client.Transport;

/// <summary>Makes the paths of one resource, relative to the server's address.</summary>
internal sealed class ResourcePath(GroupVersionResource resource)
{
    private readonly string _prefix = resource.Group.Length == 0 ? $"api/{resource.Version}/" : $"apis/{resource.Group}/{resource.Version}/";

    public static ResourcePath Of<T>() => Cached<T>.Path;

    /// <summary>The collection, in one namespace or (empty) over all.</summary>
    public string Collection(string @namespace) => @namespace.Length == 0
        ? $"{_prefix}{resource.Resource}"
        : $"{_prefix}namespaces/{Uri.EscapeDataString(@namespace)}/{resource.Resource}";

    public string Object(NamespacedName key, string? subresource = null)
    {
        var path = $"{Collection(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    public string List(ListQuery query) => WithQuery(query, []);

    public string Watch(ListQuery query) => WithQuery(query, [("watch", "true"), ("allowWatchBookmarks", "true")]);

    private string WithQuery(ListQuery query, IEnumerable<(string Name, string Value)> more)
    {
        var uri = new StringBuilder(Collection(query.Namespace));
        var separator = '?';
        foreach (var (name, value) in more.Concat(Parameters(query)).Where(parameter => parameter.Value.Length > 0))
        {
            uri.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return uri.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Parameters(ListQuery query) =>
    [
        ("labelSelector", query.LabelSelector),
        ("fieldSelector", query.FieldSelector),
        ("resourceVersion", query.ResourceVersion),
        ("limit", query.Limit > 0 ? $"{query.Limit}" : ""),
        ("continue", query.Continue),
        ("timeoutSeconds", query.TimeoutSeconds > 0 ? $"{query.TimeoutSeconds}" : ""),
    ];

    private static class Cached<T>
    {
        public static readonly ResourcePath Path = new(FromEntity());

        private static GroupVersionResource FromEntity()
        {
            var entity = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()
                ?? throw new ArgumentException($"{typeof(T)} has no [KubernetesEntity] that names its path.");

            // The models of reviews name none.
            var plural = entity.PluralName is { Length: > 0 } name ? name : entity.Kind.ToLowerInvariant() + "s";
            return new GroupVersionResource(entity.Group ?? "", entity.ApiVersion, plural);
        }
    }
}
