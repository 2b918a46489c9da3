using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ApiKeyHashTests
{
    [Fact]
    public void What_is_written_is_read_back_and_matches_its_secret_only()
    {
        var secret = ApiKeyHash.NewSecret();
        ApiKeyHash.TryParse(ApiKeyHash.Of(secret).ToString(), out var hash).ShouldBeTrue();

        hash.Matches(secret).ShouldBeTrue();
        hash.Matches(secret + "x").ShouldBeFalse();
        hash.Matches(secret.AsSpan(1)).ShouldBeFalse();
        hash.Matches("").ShouldBeFalse();
    }

    [Fact]
    public void The_form_is_fixed_so_that_hashes_made_today_stay_good()
    {
        // printf '\0…16 times…\0bar' | sha256sum
        ApiKeyHash.TryParse("sha256:AAAAAAAAAAAAAAAAAAAAAA==:ys2H9gGXni4fjkJYNmB/+zBICOvBis7LAn0+QAz+oJA=", out var hash).ShouldBeTrue();

        hash.Matches("bar").ShouldBeTrue();
    }

    [Fact]
    public void Secrets_have_256_bits_and_are_salted_each_for_itself()
    {
        var secret = ApiKeyHash.NewSecret();

        secret.Length.ShouldBe(43);
        secret.ShouldNotBe(ApiKeyHash.NewSecret());
        ApiKeyHash.Of(secret).ToString().ShouldNotBe(ApiKeyHash.Of(secret).ToString());
    }
}
