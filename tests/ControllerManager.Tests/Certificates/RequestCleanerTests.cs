using k8s.Models;

using MiniKube.ControllerManager.Certificates;
using MiniKube.TestSupport;

namespace MiniKube.ControllerManager.Tests.Certificates;

public sealed class RequestCleanerTests
{
    private static readonly DateTime Created = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void End_NobodyAnswered_IsADayAfterItWasMade() => Assert.Equal(Created.AddHours(24), RequestCleanerController.End(Request(null)));

    [Theory]
    [InlineData("Denied")]
    [InlineData("Failed")]
    public void End_Refused_IsAnHourAfterThat(string type) => Assert.Equal(Created.AddHours(3), RequestCleanerController.End(Request(null, type)));

    [Fact]
    public void End_ApprovedButNotIssued_IsNever() => Assert.Null(RequestCleanerController.End(Request(null, "Approved")));

    [Fact]
    public void End_Issued_IsAnHourAfterTheApproval() => Assert.Equal(Created.AddHours(3), RequestCleanerController.End(Request("what is this"u8.ToArray(), "Approved")));

    [Fact]
    public void End_IssuedCertificateEndsSooner_IsItsEnd()
    {
        using var certificates = new TestCertificates();
        var (certificate, _) = certificates.Serving();
        var csr = Request(System.Text.Encoding.ASCII.GetBytes(certificate), "Approved");
        csr.Status.Conditions[0].LastUpdateTime = TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(1);

        Assert.True(RequestCleanerController.End(csr) < TimeProvider.System.GetUtcNow().AddDays(2));
    }

    private static V1CertificateSigningRequest Request(byte[]? certificate, params string[] conditions) => new()
    {
        Metadata = new V1ObjectMeta { Name = "csr", CreationTimestamp = Created },
        Status = new V1CertificateSigningRequestStatus
        {
            Certificate = certificate,
            Conditions = [.. conditions.Select(type => new V1CertificateSigningRequestCondition { Type = type, Status = "True", LastUpdateTime = Created.AddHours(2) })],
        },
    };
}
