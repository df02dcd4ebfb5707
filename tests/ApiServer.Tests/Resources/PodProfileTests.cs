namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Security profiles that are said in annotations of before there were fields.</summary>
public sealed class PodProfileTests
{
    private const string AppArmor = "container.apparmor.security.beta.kubernetes.io/a";
    private const string Seccomp = "container.seccomp.security.alpha.kubernetes.io/a";
    private const string Deprecated = "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: deprecated since v1.30; use the \"appArmorProfile\" field instead";

    [Theory]
    [InlineData(AppArmor, "unconfined", """{"appArmorProfile":{"type":"Unconfined"}}""", "")]
    [InlineData(AppArmor, "unconfined", """{"appArmorProfile":{"type":"RuntimeDefault"}}""", "spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match")]
    [InlineData(AppArmor, "localhost/x", """{"appArmorProfile":{"type":"Localhost","localhostProfile":"y"}}""", "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match")]
    [InlineData(AppArmor, "localhost/x", "{}", "")]
    [InlineData(Seccomp, "docker/default", """{"seccompProfile":{"type":"RuntimeDefault"}}""", "")]
    [InlineData(Seccomp, "unconfined", """{"seccompProfile":{"type":"RuntimeDefault"}}""", "spec.containers[0].securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match")]
    [InlineData(Seccomp, "localhost/x", """{"seccompProfile":{"type":"Localhost","localhostProfile":"y"}}""", "spec.containers[0].securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match")]
    public void Create_AnnotationAndField_MustMatch(string annotation, string value, string context, string faults) =>
        Assert.Equal(faults, Strategies.Faults("pods", Pod(annotation, value, context, "{}")));

    [Theory]
    [InlineData("localhost/x", "{}", "{}", """{"appArmorProfile":{"localhostProfile":"x","type":"Localhost"}}""", Deprecated)]
    [InlineData("runtime/default", "{}", """{"appArmorProfile":{"type":"Unconfined"}}""", """{"appArmorProfile":{"type":"RuntimeDefault"}}""", Deprecated)]
    [InlineData("runtime/default", "{}", """{"appArmorProfile":{"type":"RuntimeDefault"}}""", "{}", "")]
    [InlineData("unconfined", """{"appArmorProfile":{"type":"Unconfined"}}""", "{}", """{"appArmorProfile":{"type":"Unconfined"}}""", "")]
    [InlineData("", "{}", "{}", "{}", Deprecated)]
    public void Create_AppArmorAnnotation_BecomesTheField(string value, string context, string ofPod, string written, string warning)
    {
        var pod = Strategies.Default("pods", Pod(AppArmor, value, context, ofPod));

        Assert.Equal(warning, string.Join("\n", Strategies.Of("pods").Warnings(pod)));
        Strategies.Of("pods").Canonicalize(pod);
        Assert.Equal(written, pod["spec"]!["containers"]![0]!["securityContext"]!.ToJsonString());
    }

    private static string Pod(string annotation, string value, string context, string ofPod) => $$$"""
        {"metadata":{"name":"p","annotations":{"{{{annotation}}}":"{{{value}}}"}},
         "spec":{"securityContext":{{{ofPod}}},"containers":[{"name":"a","image":"i","securityContext":{{{context}}}}]}}
        """;
}
