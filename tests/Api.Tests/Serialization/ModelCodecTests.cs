using System.Text;

using k8s.Models;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Serialization;

public sealed class ModelCodecTests
{
    [Fact]
    public void ToModel_Pod_HasItsFields()
    {
        var pod = ModelCodec.ToModel<V1Pod>(JsonCodec.Parse("""
            {"metadata":{"name":"p","creationTimestamp":"2024-01-02T03:04:05Z"},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":"100m"}}}]}}
            """u8));

        Assert.Equal("p", pod.Metadata.Name);
        Assert.Equal("100m", pod.Spec.Containers[0].Resources.Limits["cpu"].ToString());
    }

    [Fact]
    public void ToJson_Times_AreInTheirCanonicalForm()
    {
        var time = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234560);
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { CreationTimestamp = time },
            Spec = new V1LeaseSpec { RenewTime = time, LeaseDurationSeconds = 15 },
        };

        var json = ModelCodec.ToJson(lease);

        Assert.Equal("2024-01-02T03:04:05Z", json.StringAt("metadata", "creationTimestamp"));
        Assert.Equal("2024-01-02T03:04:05.123456Z", json.StringAt("spec", "renewTime"));
        Assert.Equal(15, json.IntegerAt("spec", "leaseDurationSeconds"));
    }

    [Fact]
    public void ToJson_PartOfAnObject_IsPlainJson() =>
        Assert.Equal("""{"name":"c"}""", Encoding.UTF8.GetString(JsonCodec.Write(ModelCodec.ToJson(new V1Container { Name = "c" }), type: null)));

    [Fact]
    public void ToModel_DeepSchema_IsRead()
    {
        var json = "{\"properties\":{\"a\":" + string.Concat(Enumerable.Repeat("{\"properties\":{\"a\":", 60)) + "{}" + new string('}', 120) + "}}";

        Assert.NotNull(ModelCodec.ToModel<V1JSONSchemaProps>(JsonCodec.Parse(Encoding.UTF8.GetBytes(json))).Properties);
    }
}
