using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Tests.Schema;

public sealed class TypeGraphTests
{
    [Theory]
    [InlineData("v1", "Pod", "core/v1")]
    [InlineData("apps/v1", "Deployment", "apps/v1")]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", "rbac/v1")]
    [InlineData("networking.k8s.io/v1", "Ingress", "networking/v1")]
    [InlineData("apiextensions.k8s.io/v1", "CustomResourceDefinition", "apiextensions/v1")]
    [InlineData("apps/v1", "DeleteOptions", "meta/v1")]
    [InlineData("v1", "Status", "meta/v1")]
    [InlineData("v1", "List", "meta/v1")]
    public void Find_KindOfAGroup_IsInItsPackage(string apiVersion, string kind, string package) =>
        Assert.Equal(package, TypeGraph.BuiltIn.Find(GroupVersionKind.Parse(apiVersion, kind))?.Package);

    [Theory]
    [InlineData("v1", "Nothing")]
    [InlineData("v1", "PodSpec")]
    [InlineData("v1", "")]
    [InlineData("example.org/v1", "Pod")]
    public void Find_NoKind_IsNull(string apiVersion, string kind) =>
        Assert.Null(TypeGraph.BuiltIn.Find(GroupVersionKind.Parse(apiVersion, kind)));

    [Fact]
    public void Fields_OfAPod_AreInTheOrderOfGo() =>
        Assert.Equal(["kind", "apiVersion", "metadata", "spec", "status"], Pod.OrderedFields.Select(field => field.Name));

    [Fact]
    public void Fields_OfAVolume_HoldTheInlinedSource() => Assert.Contains("emptyDir", Type("core/v1", "Volume").Fields.Keys);

    [Fact]
    public void Field_OfContainers_KnowsHowToMerge()
    {
        var containers = Type("core/v1", "PodSpec").Fields["containers"];

        Assert.Equal(ListType.Map, containers.ListType);
        Assert.Equal(["name"], containers.ListMapKeys);
        Assert.Equal(["merge"], containers.PatchStrategies);
        Assert.Equal("name", containers.PatchMergeKey);
        Assert.Equal("Container", containers.Type.Element?.Object?.Name);
    }

    [Fact]
    public void Field_OfAListInAMapEntry_IsWrappedInProtobuf()
    {
        var extra = Type("authentication/v1", "UserInfo").Fields["extra"].Type;

        Assert.Equal(ValueKind.Map, extra.Kind);
        Assert.Equal(ValueKind.List, extra.Element?.Kind);
        Assert.True(extra.Element?.IsWrappedList);
    }

    [Theory]
    [InlineData("core/v1", "ResourceRequirements", "limits", "Map<Quantity>")]
    [InlineData("core/v1", "Secret", "data", "Map<Bytes>")]
    [InlineData("core/v1", "Event", "eventTime", "MicroTime")]
    [InlineData("core/v1", "ServicePort", "targetPort", "IntOrString")]
    [InlineData("meta/v1", "ManagedFieldsEntry", "fieldsV1", "Any")]
    [InlineData("meta/v1", "APIResource", "verbs", "List<String>")]
    [InlineData("apiextensions/v1", "JSONSchemaProps", "items", "SchemaOrArray")]
    [InlineData("apiextensions/v1", "JSONSchemaProps", "maximum", "Float")]
    [InlineData("apps/v1", "DeploymentSpec", "template", "v1.PodTemplateSpec")]
    public void Field_OfEachKind_HasItsType(string package, string type, string field, string expected) =>
        Assert.Equal(expected, Type(package, type).Fields[field].Type.ToString());

    [Theory]
    [InlineData("core/v1", "PodSpec", "containers", "[]v1.Container")]
    [InlineData("core/v1", "PodSpec", "nodeSelector", "map[string]string")]
    [InlineData("core/v1", "PodSpec", "restartPolicy", "v1.RestartPolicy")]
    [InlineData("meta/v1", "ObjectMeta", "uid", "types.UID")]
    [InlineData("apps/v1", "DeploymentSpec", "replicas", "int32")]
    [InlineData("core/v1", "Secret", "data", "map[string][]uint8")]
    [InlineData("apps/v1", "Deployment", "metadata", "v1.ObjectMeta")]
    public void GoName_OfAField_IsWhatGoPrints(string package, string type, string field, string expected) =>
        Assert.Equal(expected, Type(package, type).Fields[field].Type.GoName);

    // Resolves every reference in the table.
    [Fact]
    public void Graph_OfEveryKind_IsComplete()
    {
        var seen = new HashSet<ObjectType>();
        var left = new Stack<ObjectType>(TypeGraph.BuiltIn.Kinds);
        Assert.NotEmpty(left);
        while (left.TryPop(out var type))
        {
            if (seen.Add(type))
            {
                foreach (var field in type.Declared)
                {
                    Assert.True(field.Type.Kind != ValueKind.List || field.Type.Element is not null, $"{type}.{field}");
                    if ((field.Type.Object ?? field.Type.Element?.Object ?? field.Type.Element?.Element?.Object) is { } next)
                    {
                        left.Push(next);
                    }
                }
            }
        }

        Assert.True(seen.Count > 900, $"{seen.Count} types");

        // A reference to a misspelt type would look like a struct without fields.
        Assert.Equal(
            ["CustomResourceSubresourceStatus"],
            seen.Where(type => type.Declared.Count == 0 && type.Package.EndsWith("/v1", StringComparison.Ordinal)).Select(type => type.Name));
    }

    private static ObjectType Pod => Type("core/v1", "Pod");

    private static ObjectType Type(string package, string name) =>
        TypeGraph.BuiltIn.Find(package, name) ?? throw new InvalidOperationException(name);
}
